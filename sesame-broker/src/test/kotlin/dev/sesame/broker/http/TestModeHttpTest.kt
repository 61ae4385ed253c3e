package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.Requesting
import dev.sesame.broker.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonNull
import java.time.Duration
import java.util.concurrent.TimeUnit

/** What a test key asks, and the answer that comes in place of a person's. */
class TestModeHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        val requester = broker.testing()

        fun Requesting.claim(opened: Answer) = http.post(
            "/v1/approvals/${opened["approval_id"]}/claim",
            "claimant" to claimant(),
            "context_hash" to opened["context_hash"],
        )

        test("a test key is told as one, and its documents carry the mode") {
            requester.http.bearer!!.startsWith("sk_test_sh_") shouldBe true
            val opened = requester.ask()
            (opened.status to opened["mode"]) shouldBe (201 to "test")
            requester.read(opened["approval_id"])["mode"] shouldBe "test"
            val listed = broker.admin.get("/v1/admin/keys").list("keys").single { it["id"].toString() == "\"${requester.keyId}\"" }
            listed.getValue("mode").toString() shouldBe "\"test\""
        }

        listOf("approve" to "approved", "deny" to "denied").forEach { (decide, status) ->
            test("$decide comes at its moment and not before, from nobody, with its note") {
                val id = requester.asked("test" to json("decide" to decide, "after_ms" to 2_000, "note" to "by the test"))
                broker.clock.move(Duration.ofMillis(1_999))
                requester.read(id)["status"] shouldBe "pending"
                broker.clock.move(Duration.ofMillis(1))
                val decided = requester.read(id)
                listOf(decided["status"], decided["decision.via"], decided["decision.note"]) shouldBe listOf(status, "test", "by the test")
                decided.at("decision.by") shouldBe JsonNull
                decided.list("votes").shouldBeEmpty()
                decided["decided_at"] shouldBe broker.clock.instant().toString()
            }
        }

        test("without a delay the next look finds it decided: a read, a wait, a list, the same question again") {
            val looks = mapOf<String, (String) -> String>(
                "read" to { requester.read(it)["status"] },
                "wait" to { requester.http.get("/v1/approvals/$it?wait=true&timeout_seconds=50")["status"] },
                "list" to {
                    requester.http.get("/v1/approvals?ids=$it").list("approvals").single().getValue("status").toString().trim('"')
                },
            )
            looks.forEach { (name, look) ->
                name to look(requester.asked("test" to json("decide" to "approve"))) shouldBe (name to "approved")
            }
            requester.asked("dedup_key" to "twice", "test" to json("decide" to "deny"))
            val again = requester.ask("dedup_key" to "twice", "test" to json("decide" to "approve"))
            (again.status to again["status"]) shouldBe (200 to "denied")
        }

        test("a claim is the first to look, and gets its right to run all the same, once") {
            val opened = requester.ask("test" to json("decide" to "approve"))
            requester.claim(opened).shouldBeOk()["approval.status"]
            requester.claim(opened) shouldBeRefusedWith (409 to "already_claimed")
            requester.claim(requester.ask("test" to json("decide" to "deny"))) shouldBeRefusedWith (409 to "not_approved")
        }

        test("the expiry comes first where both are due; without an answer only expiry and cancel end it") {
            val late = requester.asked("expires_in" to 10, "test" to json("decide" to "approve", "after_ms" to 10_000))
            val silent = requester.asked("expires_in" to 10)
            broker.clock.move(Duration.ofMillis(9_999))
            listOf(late, silent).forEach { requester.read(it)["status"] shouldBe "pending" }
            val cancelled = requester.asked("test" to json("decide" to "approve", "after_ms" to 1_000))
            requester.http.post("/v1/approvals/$cancelled/cancel").shouldBeOk()["status"] shouldBe "cancelled"
            broker.clock.moveSeconds(600)
            listOf(late, silent).forEach { requester.read(it)["status"] shouldBe "expired" }
            requester.read(cancelled)["status"] shouldBe "cancelled"
        }

        test("a cancel that comes after its answer is too late") {
            val id = requester.asked("test" to json("decide" to "approve"))
            val refused = requester.http.post("/v1/approvals/$id/cancel")
            refused shouldBeRefusedWith (409 to "already_decided")
            refused["approval.status"] shouldBe "approved"
        }

        test("the feed of the test key tells it, with its mode") {
            Feed(requester.http).use { feed ->
                feed.next().name shouldBe "ready"
                val id = requester.asked("test" to json("decide" to "deny", "after_ms" to 5))
                broker.clock.moveSeconds(1)
                requester.read(id)["status"] shouldBe "denied"
                val event = feed.next()
                listOf(event.text("approval_id"), event.text("status"), event.text("mode")) shouldBe listOf(id, "denied", "test")
            }
        }

        test("a wait that is held already ends when its moment comes") {
            val id = requester.asked("test" to json("decide" to "approve", "after_ms" to 200))
            val held = requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50")
            broker.clock.moveSeconds(1)
            held.get(10, TimeUnit.SECONDS)["status"] shouldBe "approved"
        }

        test("a live key may not say who answers; what is wrong in it is told with its path") {
            val live = broker.requester().ask("test" to json("decide" to "approve"))
            live.refused shouldContainExactlyInAnyOrder listOf("test")
            live["detail"] shouldContain "sk_test_"
            requester.ask("test" to json("decide" to "expire", "after_ms" to 600_001, "by" to "ana")).refused shouldContainExactlyInAnyOrder
                listOf("test.decide", "test.after_ms", "test.by")
        }
    })
