package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.Decision
import dev.sesame.ExecutionState
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put

private const val URL = "https://sesame.example"

private val json = Json {
    encodeDefaults = true
    ignoreUnknownKeys = true
}

/** `protocol.md`, "The document", word for word. */
private val names = """
    approval_id mode action summary reason context request_hash context_hash callback_url dedup_key status created_at expires_at decided_at
    valid_until requester_label requested_by risk_score editable approvals_required groups approvals_per_group escalation
    votes approval_url rule claim decision
    execution redacted
""".trim().split(Regex("\\s+")).toSet()

private fun words(text: String) = text.split(' ').toSet()

class DocumentTest :
    FunSpec({
        test("a lapsed lease is shown as unknown since its end") {
            val lapsed = State.LAPSED.record
            val shown = lapsed.toApproval(URL, noon).execution.shouldNotBeNull()
            shown.state shouldBe ExecutionState.UNKNOWN
            shown.claimedAt shouldBe lapsed.progress.execution?.claimedAt
            shown.endedAt shouldBe lapsed.progress.claim?.leaseUntil
        }

        test("a run is shown as claimed until its lease ends, and as unknown from that instant") {
            val running = State.RUNNING.record
            val leaseUntil = running.progress.claim.shouldNotBeNull().leaseUntil
            running.toApproval(URL, leaseUntil.minusNanos(1)).execution?.state shouldBe ExecutionState.CLAIMED
            running.toApproval(URL, leaseUntil).execution?.state shouldBe ExecutionState.UNKNOWN
        }

        test("a run that ended within its lease is shown as it ended, however late one looks") {
            val shown = State.SUCCEEDED.record.toApproval(URL, noon.plusSeconds(1_000_000)).execution
            shown?.state shouldBe ExecutionState.SUCCEEDED
            shown?.detail shouldBe "done"
        }

        test("as decided, it has nothing of its run and everything of its decision") {
            val record = State.SUCCEEDED.record
            val decided = record.asDecided()
            decided.toApproval(URL, noon).execution.shouldBeNull()
            decided.progress shouldBe record.progress.copy(execution = null, claim = null)
            decided.question shouldBe record.question
        }

        test("the broker claims, and people find it at the public address") {
            val shown = State.PENDING.record.toApproval(URL, noon)
            shown.claim shouldBe "required"
            shown.approvalUrl shouldBe "$URL/approvals/${shown.id}"
        }

        test("what was approved has the hash of what was asked, or of the edit") {
            val approved = State.APPROVED.record
            approved.toApproval(URL, noon).contextHash shouldBe refund.requestHash
            val edited = refundOf(15)
            val decision = Decision(ApprovalStatus.APPROVED, ann, editedContext = edited.context)
            val shown = approved.copy(progress = approved.progress.copy(decision = decision, contextHash = edited.requestHash))
                .toApproval(URL, noon)
            shown.contextHash shouldBe edited.requestHash
            shown.requestHash shouldBe refund.requestHash
            shown.effectiveContext shouldBe edited.context
            shown.context shouldBe refund.context
        }

        State.entries.forEach { state ->
            test("the JSON of one that is $state has the contract's names and survives a round trip") {
                val written = json.encodeToJsonElement(state.record.toApproval(URL, noon))
                written.jsonObject.keys shouldBe names
                val read = json.decodeFromString<Approval>(written.toString())
                read.status shouldBe state.record.status
                json.encodeToJsonElement(read) shouldBe written
            }
        }

        test("the parts of the document have the contract's names too") {
            val written = json.encodeToJsonElement(State.SUCCEEDED.record.toApproval(URL, noon)).jsonObject
            val vote = written.getValue("votes").jsonArray.single().jsonObject
            vote.keys shouldBe words("by vote at via note")
            vote["vote"] shouldBe JsonPrimitive(Answer.APPROVE.value)
            val decision = written.getValue("decision").jsonObject
            decision.keys shouldBe words("status by via note edited_context")
            decision.getValue("by").jsonObject.keys shouldBe words("id name")
            written.getValue("execution").jsonObject.keys shouldBe words("state claimed_at ended_at detail")
            written["decided_at"] shouldBe JsonPrimitive("2026-11-20T11:50:00Z")
        }

        test("a status that this version doesn't know keeps its text and is neither an end nor a yes") {
            val sent = buildJsonObject {
                put("approval_id", "ap_first")
                put("action", "payments.refund")
                put("status", "escalated")
                put("shoe_size", 43)
            }
            val read = json.decodeFromString<Approval>(sent.toString())
            read.status.value shouldBe "escalated"
            read.status.isTerminal shouldBe false
            (read.status == ApprovalStatus.APPROVED) shouldBe false
            json.encodeToJsonElement(read).jsonObject["status"] shouldBe JsonPrimitive("escalated")
            read.effectiveContext shouldBe JsonObject(emptyMap())
        }
    })
