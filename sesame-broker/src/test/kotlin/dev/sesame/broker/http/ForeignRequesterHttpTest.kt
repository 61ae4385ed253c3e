package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject

/** Another requester's approval answers as one that was never asked, on every route. */
class ForeignRequesterHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val owner = broker.requester()
        val stranger = broker.requester().http
        val pending = owner.asked("dedup_key" to "owner's", "action" to "secret.action")
        val approved = Approved(broker, owner)
        val token = approved.claimed()

        val calls = mapOf<String, (String) -> Answer>(
            "read" to { stranger.get("/v1/approvals/$it") },
            "wait" to { stranger.get("/v1/approvals/$it?wait=true&timeout_seconds=1") },
            "cancel" to { stranger.post("/v1/approvals/$it/cancel") },
            "claim" to { stranger.post("/v1/approvals/$it/claim", "claimant" to claimant(), "context_hash" to approved.hash) },
            "claim badly" to { stranger.post("/v1/approvals/$it/claim", "claimant" to "short") },
            "report" to { stranger.post("/v1/approvals/$it/outcome", "claim_token" to token, "outcome" to "succeeded") },
            "settle" to { stranger.post("/v1/approvals/$it/outcome", "outcome" to "succeeded") },
            "decide" to { stranger.post("/v1/approvals/$it/decision", "decision" to "approve") },
            "receipt" to { stranger.get("/v1/approvals/$it/receipt") },
            "list" to { stranger.get("/v1/approvals?ids=$it") },
        )

        calls.forEach { (name, call) ->
            test("$name: a foreign id answers exactly as an unknown one") {
                val unknown = call(ids.approval())
                listOf(pending, approved.id).forEach { foreign ->
                    val answer = call(foreign)
                    withClue(answer) {
                        answer.status shouldBe unknown.status
                        answer.withoutId() shouldBe unknown.withoutId()
                        answer.headers.map().keys shouldBe unknown.headers.map().keys
                    }
                }
            }
        }

        test("the calls that a requester may make are 404 then, and malformed ids the same") {
            listOf("read", "wait", "cancel", "claim", "report").forEach { name ->
                val call = calls.getValue(name)
                call(pending) shouldBeRefusedWith (404 to "not_found")
                listOf("ap_", "ap_" + "a".repeat(25), "ap_" + "A".repeat(26), "ap_" + "a".repeat(27), "xx_" + "a".repeat(26)).forEach {
                    withClue(it) { call(it).withoutId() shouldBe call(ids.approval()).withoutId() }
                }
            }
        }

        test("nothing that the stranger tried has changed anything") {
            calls.values.forEach { it(pending) }
            calls.values.forEach { it(approved.id) }
            owner.read(pending).text("status") shouldBe "pending"
            approved.state() shouldBe "claimed"
            approved.report(token, "succeeded").shouldBeOk()
        }

        test("lists and dedup keys of a stranger know nothing of them") {
            stranger.get("/v1/approvals?action=secret.action").ids.shouldBeEmpty()
            stranger.get("/v1/approvals?dedup_key=owner%27s").ids.shouldBeEmpty()
            val own = stranger.post("/v1/approvals", "action" to "another", "summary" to "mine", "dedup_key" to "owner's")
            own.status shouldBe 201
            owner.http.get("/v1/approvals?dedup_key=owner%27s").ids shouldBe listOf(pending)
        }

        test("every call without a credential is 401, for what is there and what is not") {
            fun Http.all(id: String) = listOf(
                get("/v1/approvals/$id"),
                get("/v1/approvals"),
                post("/v1/approvals"),
                post("/v1/approvals/$id/cancel"),
                post("/v1/approvals/$id/claim"),
                post("/v1/approvals/$id/outcome"),
                post("/v1/approvals/$id/decision"),
            )
            (broker.nobody.all(pending) + broker.nobody.all(ids.approval())).forEach { it shouldBeRefusedWith (401 to "unauthorized") }
        }
    })

private fun Answer.withoutId() = JsonObject(json - "request_id")
