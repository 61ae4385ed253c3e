package dev.sesame.broker.among

import dev.sesame.broker.Http
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** A primary that stands still while it is replaced, with its connections open, and goes on later. */
@EnabledIf(PostgresIsHere::class)
class StalledPrimaryTest :
    FunSpec({
        test("a broker with connections to it leaves it within seconds, and never comes back to it") {
            val pair = autoClose(PostgresPair())
            val brokers = autoClose(Brokers(pair.url))
            val (here, there) = List(2) { brokers.start() }
            val requester = here.requester()
            val approver = there.approver()
            val id = requester.asked()
            pair.primary.pause()
            pair.standby.promote()
            awaitThat("both to go on", seconds = 30) { listOf(here, there).all { it.nobody.get("/readyz").status == 200 } }
            approver.decide(id, "deny").status shouldBe 200

            pair.primary.goOn()
            pair.primary.ask("SELECT status FROM approvals WHERE id = '$id'", PostgresPair.NAME) shouldBe "pending"
            repeat(20) {
                listOf(here, there).forEach { at ->
                    Http(at.url, requester.http.bearer).get("/v1/approvals/$id").text("status") shouldBe "denied"
                }
            }
            val later = requester.asked()
            Http(there.url, requester.http.bearer).get("/v1/approvals/$later").status shouldBe 200
        }
    })
