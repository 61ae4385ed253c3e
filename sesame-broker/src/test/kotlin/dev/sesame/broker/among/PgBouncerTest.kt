package dev.sesame.broker.among

import dev.sesame.broker.Http
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.http.Feed
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresServer
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Two brokers that reach their database through a pooler which lends a connection for one transaction: no session, and no LISTEN. */
@EnabledIf(PgBouncerIsHere::class)
class PgBouncerTest :
    FunSpec({
        val pooler = autoClose(PgBouncer())
        val brokers = autoClose(Brokers(pooler.urlOf(PostgresServer.urlOf(PostgresServer.emptyDatabase()))))
        val (here, there) = List(2) { brokers.start() }
        val receiver = autoClose(Receiver())
        val requester = here.requester()
        val elsewhere = Http(there.url, requester.http.bearer)

        test("they make their tables, and what is decided at one is heard at the other, by wait, feed and webhook") {
            val approver = here.approver()
            Feed(elsewhere).use { feed ->
                feed.next().name shouldBe "ready"
                repeat(5) { round ->
                    val id = requester.asked("callback_url" to receiver.url)
                    val held = elsewhere.getLater("/v1/approvals/$id?wait=true&timeout_seconds=30")
                    val begun = TimeSource.Monotonic.markNow()
                    approver.approve(id)
                    held.get().text("status") shouldBe "approved"
                    begun.elapsedNow() shouldBeLessThan 3.seconds
                    feed.next().json.toString().contains(id) shouldBe true
                    receiver.await(round + 1).size shouldBe round + 1
                }
            }
            receiver.received.map { it.id }.distinct().size shouldBe 5
        }

        test("of many who answer at once at both, one decides each question") {
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
