package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.TestBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonNull

class CancelHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()

        test("a pending request is withdrawn, and by nobody's decision") {
            val id = requester.asked()
            val answer = requester.http.post("/v1/approvals/$id/cancel")
            (answer.status to answer.text("status")) shouldBe (200 to "cancelled")
            answer.text("decision.status") shouldBe "cancelled"
            answer.at("decision.by") shouldBe JsonNull
            requester.read(id).json shouldBe answer.json
        }

        test("again it is 200 with the same document, with an empty body or none") {
            val id = requester.asked()
            val first = requester.http.postText("/v1/approvals/$id/cancel", "")
            val again = requester.http.post("/v1/approvals/$id/cancel")
            again.status shouldBe 200
            again.json shouldBe first.json
        }

        test("what was decided can't be withdrawn: 409 with the document") {
            listOf("approve" to "approved", "deny" to "denied").forEach { (decision, status) ->
                val id = requester.asked()
                broker.approver().decide(id, decision)
                val answer = requester.http.post("/v1/approvals/$id/cancel")
                (answer.status to answer.text("code")) shouldBe (409 to "already_decided")
                answer.text("approval.status") shouldBe status
            }
        }

        test("what expired can't be withdrawn any more") {
            ClockedBroker().use { clocked ->
                val asking = clocked.requester()
                val id = asking.asked("expires_in" to 10)
                clocked.clock.moveSeconds(10)
                val answer = asking.http.post("/v1/approvals/$id/cancel")
                (answer.status to answer.text("code")) shouldBe (409 to "already_decided")
                answer.text("approval.status") shouldBe "expired"
            }
        }

        test("an admin may withdraw any request; an approver who is no admin may not") {
            val id = requester.asked()
            val refused = broker.approver().http.post("/v1/approvals/$id/cancel")
            (refused.status to refused.text("code")) shouldBe (403 to "forbidden")
            requester.read(id).text("status") shouldBe "pending"
            broker.admin.post("/v1/approvals/$id/cancel").text("status") shouldBe "cancelled"
        }

        test("a field that the call doesn't know is refused, and nothing is withdrawn") {
            val id = requester.asked()
            val answer = requester.http.post("/v1/approvals/$id/cancel", "reason" to "changed my mind")
            answer.status shouldBe 422
            answer.wrongFields shouldContainExactly listOf("reason")
            requester.read(id).text("status") shouldBe "pending"
        }
    })
