package dev.sesame.broker.among

import dev.sesame.broker.Http
import dev.sesame.broker.Requesting
import dev.sesame.broker.TestBroker
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.http.Feed
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import dev.sesame.broker.store.postgres.migrateFurther
import dev.sesame.broker.store.postgres.tellOfLaterVersion
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

/** A broker that runs while a newer one brings the schema further. */
@EnabledIf(PostgresIsHere::class)
class BesideNewerTest :
    FunSpec({
        /** What programs, people and an admin do in a day, each answered well; so often that the server has prepared it. */
        fun TestBroker.day(requester: Requesting, receiver: Receiver, rounds: Int) = repeat(rounds) {
            val approver = approver()
            val sent = receiver.received.size
            Feed(requester.http).use { feed ->
                feed.next().name shouldBe "ready"
                val id = requester.asked("callback_url" to receiver.url, "dedup_key" to ids.bare())
                val held = requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=20")
                approver.http.get("/v1/inbox").shouldBeOk()
                approver.approve(id)
                held.get().shouldBeOk().text("status") shouldBe "approved"
                feed.next().text("approval_id") shouldBe id
                val hash = requester.read(id).shouldBeOk().text("context_hash")
                val claim = arrayOf("claimant" to "c".repeat(22), "context_hash" to hash)
                val token = requester.http.post("/v1/approvals/$id/claim", *claim).shouldBeOk().text("claim_token")
                requester.http.post("/v1/approvals/$id/outcome", "claim_token" to token, "outcome" to "succeeded").shouldBeOk()
                requester.http.post("/v1/approvals/${requester.asked()}/cancel").shouldBeOk()
            }
            requester.http.get("/v1/approvals").shouldBeOk()
            listOf("keys", "requesters", "approvers", "groups", "endpoints", "deliveries", "policies", "audit").forEach {
                admin.get("/v1/admin/$it").shouldBeOk()
            }
            admin.post("/v1/admin/approvers/${approver.id}/revoke").shouldBeOk()
            receiver.await(sent + 1)
        }

        test("it goes on, with what the server had prepared for it, and another of its age is refused") {
            val brokers = autoClose(Brokers())
            val receiver = autoClose(Receiver())
            val running = brokers.start()
            val requester = running.requester()
            running.day(requester, receiver, rounds = 8)
            migrateFurther(brokers.url)
            tellOfLaterVersion(brokers.url)
            running.day(requester, receiver, rounds = 3)
            Terminal(brokers.environment).run("audit", "verify").well().out shouldContain "Nothing was changed"
            val late = autoClose(brokers.startProcess())
            late.exitCode() shouldBe 1
            late.err shouldContain "schema is of version 999"
            Http(running.url, requester.http.bearer).get("/v1/approvals").shouldBeOk()
        }
    })
