package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Requesting
import dev.sesame.broker.TestBroker
import dev.sesame.broker.json
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.serialization.json.JsonObject

/** A live and a test key of one requester: what is the other's is absent. */
class ModesHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val live = broker.requester()
        val test = broker.testing(live)

        fun calls(caller: Requesting): Map<String, (String) -> Answer> = mapOf(
            "read" to { caller.read(it) },
            "wait" to { caller.http.get("/v1/approvals/$it?wait=true&timeout_seconds=1") },
            "cancel" to { caller.http.post("/v1/approvals/$it/cancel") },
            "claim" to { caller.http.post("/v1/approvals/$it/claim", "claimant" to claimant(), "context_hash" to "sha256:1") },
            "report" to { caller.http.post("/v1/approvals/$it/outcome", "claim_token" to "t", "outcome" to "succeeded") },
            "list" to { caller.http.get("/v1/approvals?ids=$it") },
        )

        listOf(live to test, test to live).forEach { (owner, other) ->
            val way = if (owner === live) "a live id to a test key" else "a test id to a live key"

            calls(other).forEach { (name, call) ->
                test("$name: $way is as unknown as one that was never given out") {
                    val id = owner.asked()
                    fun Answer.told() = status to JsonObject(json - "request_id")
                    withClue(call(id)) { call(id).told() shouldBe call(ids.approval()).told() }
                    owner.read(id).text("status") shouldBe "pending"
                }
            }
        }

        test("one dedup key stands for two requests, one of each mode, which never meet") {
            val fields = arrayOf<Pair<String, Any?>>("dedup_key" to "shared")
            val asked = listOf(live, test).map { it.asked(*fields) }
            asked[0] shouldNotBe asked[1]
            listOf(live, test).map { it.ask(*fields).text("approval_id") } shouldContainExactly asked
            listOf(live, test).map { it.http.get("/v1/approvals?dedup_key=shared").ids } shouldContainExactly asked.map { listOf(it) }

            test.ask("dedup_key" to "shared", "action" to "another") shouldBeRefusedWith (409 to "dedup_conflict")
            test.http.post("/v1/approvals/${asked[1]}/cancel").shouldBeOk()
            test.ask("dedup_key" to "shared", "action" to "another").status shouldBe 201
            live.read(asked[0]).text("status") shouldBe "pending"
        }

        test("each feed tells its own mode's decisions alone, and takes no cursor of the other") {
            Feed(live.http).use { liveFeed ->
                Feed(test.http).use { testFeed ->
                    listOf(liveFeed, testFeed).forEach { it.next().name shouldBe "ready" }
                    val tested = test.asked("test" to json("decide" to "approve"))
                    test.read(tested).text("status") shouldBe "approved"
                    val lived = live.asked()
                    broker.approver().approve(lived)
                    val event = liveFeed.next()
                    event.text("approval_id") shouldBe lived
                    testFeed.next().text("approval_id") shouldBe tested
                    Feed(test.http, lastEventId = event.id).use { it.status shouldBe 410 }
                }
            }
        }

        test("ending the requester ends the keys of both modes") {
            val other = broker.requester()
            val keys = listOf(other, broker.testing(other))
            val id = broker.admin.get("/v1/admin/requesters").list("requesters").single { it["name"].toString() == "\"${other.name}\"" }
                .getValue("id").toString().trim('"')
            broker.admin.post("/v1/admin/requesters/$id/revoke").shouldBeOk()
            keys.forEach { it.http.get("/v1/approvals") shouldBeRefusedWith (401 to "unauthorized") }
        }
    })
