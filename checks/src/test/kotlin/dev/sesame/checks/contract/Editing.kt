package dev.sesame.checks.contract

import dev.sesame.internal.CanonicalJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonNull

private val asked = json("cents" to 2_000, "to" to "DE00")
private val edited = json("cents" to 1_500, "to" to "DE00")

private fun Caller.askedWith(vararg more: Pair<String, Any?>) = asked("context" to asked, "editable" to listOf("cents"), *more)

internal fun FunSpec.editing(broker: () -> BrokerUnderTest) {
    test("an edit is what was approved: the document has both contexts and their hashes") {
        val (requester) = broker().requester()
        val id = requester.askedWith()
        val answer = broker().approver().decide(id, "approve", "context" to edited)
        answer.told shouldBe "200 approved"
        answer.at("context") shouldBe asked
        answer.at("decision.edited_context") shouldBe edited
        answer["request_hash"] shouldBe CanonicalJson.requestHash("payments.refund", asked)
        answer["context_hash"] shouldBe CanonicalJson.requestHash("payments.refund", edited)
        requester.read(id).json shouldBe answer.json
    }

    test("what was asked can't be claimed any more, only what was approved") {
        val (requester) = broker().requester()
        val id = requester.askedWith()
        val answer = broker().approver().decide(id, "approve", "context" to edited)
        requester.claim(id, "context_hash" to answer["request_hash"]).told shouldBe "409 context_mismatch"
        requester.read(id).at("execution") shouldBe JsonNull
        requester.claim(id, "context_hash" to answer["context_hash"]).at("approval.decision.edited_context") shouldBe edited
    }

    test("the same context sent back is no edit") {
        val (requester) = broker().requester()
        val answer = broker().approver().decide(requester.askedWith("approvals_required" to 1), "approve", "context" to asked)
        answer.at("decision.edited_context") shouldBe JsonNull
        answer["context_hash"] shouldBe answer["request_hash"]
    }

    test("only the values of editable fields may differ, each of its kind; else nothing is decided") {
        val (requester) = broker().requester()
        val id = requester.askedWith()
        val person = broker().approver()
        fun refused(vararg fields: Pair<String, Any?>) =
            person.decide(id, "approve", "context" to json(*fields)).let { it.told to it.wrongFields }
        refused("cents" to 1_500, "to" to "DE99") shouldBe ("422 not_editable" to listOf("context.to"))
        refused("cents" to 1_500) shouldBe ("422 not_editable" to listOf("context.to"))
        refused("to" to "DE00") shouldBe ("422 not_editable" to listOf("context.cents"))
        refused("cents" to 1_500, "to" to "DE00", "more" to 1) shouldBe ("422 not_editable" to listOf("context.more"))
        refused("cents" to "1500", "to" to "DE00") shouldBe ("422 invalid" to listOf("context.cents"))
        person.read(id)["status"] shouldBe "pending"
    }

    test("where two must approve, nobody edits") {
        val (requester) = broker().requester()
        val person = broker().approver()
        broker().approver()
        val id = requester.askedWith("approvals_required" to 2)
        person.decide(id, "approve", "context" to edited).told shouldBe "422 not_editable"
    }

    test("editable fields are part of the question, and fields of the context") {
        val (requester) = broker().requester()
        requester.askedWith("dedup_key" to "k")
        requester.ask("context" to asked, "dedup_key" to "k").told shouldBe "409 dedup_conflict"
        requester.ask("context" to asked, "editable" to listOf("amount")).wrongFields shouldBe listOf("editable")
    }
}
