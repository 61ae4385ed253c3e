package dev.sesame.broker.among

import dev.sesame.broker.Http
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresServer
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.Callable
import java.util.concurrent.Executors

/** Two brokers that reach their database through a pooler which lends a connection for one transaction: no session, and no LISTEN. */
@EnabledIf(PgBouncerIsHere::class)
class PgBouncerTest :
    FunSpec({
        val pooler = autoClose(PgBouncer())
        val brokers = autoClose(Brokers(pooler.urlOf(PostgresServer.urlOf(PostgresServer.emptyDatabase()))))
        val (here, there) = List(2) { brokers.start() }

        test("they make their tables, and what is decided at one is heard at the other, by wait, feed and webhook") {
            decisionsAreHeard(here, there)
        }

        test("of many who answer at once at both, one decides each question") {
            val requester = here.requester()
            val ids = List(20) { requester.asked() }
            val people = List(4) { here.approver() }
            val answers = Executors.newFixedThreadPool(people.size).use { pool ->
                people.mapIndexed { index, who ->
                    val at = Http(if (index % 2 == 0) here.url else there.url, who.http.bearer)
                    val answer = if (index < 2) "approve" else "deny"
                    pool.submit(Callable { ids.map { at.post("/v1/approvals/$it/decision", "decision" to answer) } })
                }.flatMap { it.get() }
            }
            answers.count { it.status == 200 } shouldBe ids.size
            answers.count { it.status == 409 } shouldBe ids.size * (people.size - 1)
        }
    })
