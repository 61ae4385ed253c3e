package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.TestBroker
import dev.sesame.broker.json
import dev.sesame.internal.CanonicalJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

private val asked = json("cents" to 2_000, "to" to "DE00")
private val edited = json("cents" to 1_500, "to" to "DE00")

class EditHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver()

        fun ask(vararg more: Pair<String, Any?>) = requester.asked("context" to asked, "editable" to listOf("cents"), *more)

        fun claim(id: String, hash: String?): Answer =
            requester.http.post("/v1/approvals/$id/claim", "claimant" to "c".repeat(22), "context_hash" to hash)

        test("the document has what was asked, what was approved, and the hash of each") {
            val id = ask()
            val answer = approver.decide(id, "approve", "context" to edited, "note" to "a bit less")
            answer.status shouldBe 200
            answer.at("context") shouldBe asked
            answer.at("decision.edited_context") shouldBe edited
            answer.text("request_hash") shouldBe CanonicalJson.requestHash("payments.refund", asked)
            answer.text("context_hash") shouldBe CanonicalJson.requestHash("payments.refund", edited)
            requester.read(id).json shouldBe answer.json
        }

        test("a claim by what was asked is refused; by what was approved, it is granted, and gives that") {
            val id = ask()
            val answer = approver.decide(id, "approve", "context" to edited)
            val old = claim(id, answer.text("request_hash"))
            old shouldBeRefusedWith (409 to "context_mismatch")
            requester.read(id).at("execution") shouldBe JsonNull
            val granted = claim(id, answer.text("context_hash"))
            granted.status shouldBe 200
            granted.at("approval.decision.edited_context") shouldBe edited
        }

        test("the same context sent back is an approval as asked") {
            val answer = approver.decide(ask(), "approve", "context" to asked)
            answer.at("decision.edited_context") shouldBe JsonNull
            answer.text("context_hash") shouldBe answer.text("request_hash")
        }

        test("what isn't editable, or not of its kind, is named, and nothing is decided") {
            val id = ask()
            mapOf(
                json("cents" to 1_500, "to" to "DE99") to (422 to "not_editable"),
                json("cents" to 1_500) to (422 to "not_editable"),
                json("cents" to 1_500, "to" to "DE00", "more" to 1) to (422 to "not_editable"),
                json("cents" to "1500", "to" to "DE00") to (422 to "invalid"),
            ).forEach { (context: JsonObject, refusal) -> approver.decide(id, "approve", "context" to context) shouldBeRefusedWith refusal }
            approver.decide(id, "approve", "context" to json("cents" to 1, "to" to "DE99")).wrongFields shouldContainExactly
                listOf("context.to")
            requester.read(id).text("status") shouldBe "pending"
            requester.read(id).text("context_hash") shouldBe requester.read(id).text("request_hash")
        }

        test("with a quorum nobody edits") {
            val id = ask("approvals_required" to 2)
            approver.decide(id, "approve", "context" to edited) shouldBeRefusedWith (422 to "not_editable")
            approver.decide(id, "approve").text("status") shouldBe "pending"
        }

        test("other editable fields under the same key are another question") {
            ask("dedup_key" to "e")
            requester.ask("context" to asked, "dedup_key" to "e") shouldBeRefusedWith (409 to "dedup_conflict")
            ask("dedup_key" to "f") shouldNotBe null
        }
    })
