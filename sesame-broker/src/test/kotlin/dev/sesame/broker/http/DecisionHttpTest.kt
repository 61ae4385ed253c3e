package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.json
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import java.time.Duration
import java.time.Instant

class DecisionHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver()

        test("a yes approves, and the document says who, how and how long it is valid") {
            val id = requester.asked("valid_for" to 60)
            val answer = approver.decide(id, "approve", "note" to "fine by me")
            answer.status shouldBe 200
            mapOf(
                "status" to "approved",
                "decision.status" to "approved",
                "decision.by.id" to approver.id,
                "decision.by.name" to approver.name,
                "decision.via" to "api",
                "decision.note" to "fine by me",
            ).forEach { (path, value) -> (path to answer.text(path)) shouldBe (path to value) }
            answer.at("decision.edited_context") shouldBe JsonNull
            secondsBetween(answer.text("decided_at"), answer.text("valid_until")) shouldBe 60
            (answer.at("votes") as JsonArray).size shouldBe 1
            requester.read(id).json shouldBe answer.json
        }

        test("a no denies, with its note, and is not valid for anything") {
            val id = requester.asked()
            val answer = approver.decide(id, "deny", "note" to "too much")
            (answer.text("status") to answer.text("decision.note")) shouldBe ("denied" to "too much")
            answer.at("valid_until") shouldBe JsonNull
        }

        test("a requester's key never decides: 403, and it stays pending") {
            val id = requester.asked()
            requester.http.post("/v1/approvals/$id/decision", "decision" to "approve") shouldBeRefusedWith (403 to "forbidden")
            requester.read(id).text("status") shouldBe "pending"
        }

        test("the second decider gets 409 with the document that the first one made") {
            val id = requester.asked()
            val first = approver.approve(id)
            val second = broker.approver().decide(id, "deny")
            second shouldBeRefusedWith (409 to "already_decided")
            second.at("approval") shouldBe first.json
            requester.read(id).json shouldBe first.json
        }

        test("one's own vote again, after it decided, is 409 too") {
            val id = requester.asked()
            approver.approve(id)
            approver.decide(id, "approve") shouldBeRefusedWith (409 to "already_decided")
        }

        test("what was cancelled can't be decided") {
            val id = requester.asked()
            requester.http.post("/v1/approvals/$id/cancel").status shouldBe 200
            approver.decide(id, "approve") shouldBeRefusedWith (409 to "already_decided")
        }

        test("a vote at the expiry or later ends the question: 409, expired, also for who reads it then") {
            ClockedBroker().use { clocked ->
                val asking = clocked.requester()
                val deciding = clocked.approver()
                val inTime = asking.asked("expires_in" to 10)
                val late = asking.asked("expires_in" to 10)
                clocked.clock.moveSeconds(9)
                deciding.approve(inTime)
                clocked.clock.moveSeconds(1)
                val answer = deciding.decide(late, "approve")
                answer shouldBeRefusedWith (409 to "already_decided")
                answer.text("approval.status") shouldBe "expired"
                asking.read(late).text("status") shouldBe "expired"
                asking.read(inTime).text("status") shouldBe "approved"
            }
        }

        test("an unknown id and a malformed one are 404") {
            listOf(ids.approval(), "ap_short", "nonsense").forEach {
                approver.decide(it, "approve") shouldBeRefusedWith (404 to "not_found")
            }
        }

        test("a context that is none, an unknown field or an unknown word is 422, and decides nothing") {
            val id = requester.asked("context" to json("cents" to 5))
            mapOf(
                json("decision" to "approve", "context" to 7) to "context",
                json("decision" to "deny", "context" to json("cents" to 5)) to "context",
                json("decision" to "approve", "comment" to "x") to "comment",
                json("decision" to "yes") to "decision",
                json("decision" to true) to "decision",
                json("decision" to "approve", "note" to 7) to "note",
                json("decision" to "approve", "note" to "x".repeat(4_001)) to "note",
                json() to "decision",
            ).forEach { (body, field) ->
                val answer = approver.http.postText("/v1/approvals/$id/decision", "$body")
                withClue(body) { answer shouldBeRefusedWith (422 to "invalid") }
                answer.wrongFields shouldContainExactly listOf(field)
            }
            requester.read(id).text("status") shouldBe "pending"
            (requester.read(id).at("votes") as JsonArray).size shouldBe 0
        }

        test("nothing decides on GET") {
            val id = requester.asked()
            listOf(approver.http, broker.admin, requester.http).forEach { caller ->
                listOf("", "?decision=approve").forEach { caller.get("/v1/approvals/$id/decision$it").status shouldBeIn setOf(404, 405) }
                caller.get("/v1/approvals/$id?decision=approve").status shouldBe 422
            }
            broker.nobody.get("/approvals/$id?decision=approve").status shouldBe 200
            requester.read(id).text("status") shouldBe "pending"
        }

        test("without a credential, or with one that is not known, nobody decides") {
            val id = requester.asked()
            broker.nobody.post("/v1/approvals/$id/decision", "decision" to "approve") shouldBeRefusedWith (401 to "unauthorized")
            dev.sesame.broker.Http(
                broker.url,
                "at_" + "x".repeat(43),
            ).post("/v1/approvals/$id/decision", "decision" to "approve") shouldBeRefusedWith
                (401 to "unauthorized")
            requester.read(id).text("status") shouldBe "pending"
        }

        test("an approver who was removed decides nothing any more") {
            val id = requester.asked()
            val removed = broker.approver()
            broker.admin.post("/v1/admin/approvers/${removed.id}/revoke").status shouldBe 200
            removed.decide(id, "approve") shouldBeRefusedWith (401 to "unauthorized")
            requester.read(id).text("status") shouldBe "pending"
        }
    })

private fun secondsBetween(from: String?, to: String?) = Duration.between(Instant.parse(from), Instant.parse(to)).seconds
