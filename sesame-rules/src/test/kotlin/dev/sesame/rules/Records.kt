package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.Decision
import dev.sesame.Execution
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.Person
import dev.sesame.TestDecision
import dev.sesame.Vote
import dev.sesame.internal.CanonicalJson
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.time.Duration
import java.time.Instant
import kotlin.time.Duration.Companion.hours

/** When every record of [State] is looked at. */
internal val noon: Instant = Instant.parse("2026-11-20T12:00:00Z")

internal val ann: Person = Person("apr_ann", "Ann")
internal val bob: Person = Person("apr_bob", "Bob")
internal val cem: Person = Person("apr_cem", "Cem")

/** Active, but in no group. */
internal val dora: Person = Person("apr_dora", "Dora")

/** Owns the requester: the one who asked. */
internal val olga: Person = Person("apr_olga", "Olga")

/** Was an approver once. */
internal val zoe: Person = Person("apr_zoe", "Zoe")

internal val staff: Electorate = Electorate(
    mapOf(
        ann.id to setOf("finance"),
        bob.id to setOf("finance", "security"),
        cem.id to setOf("security"),
        dora.id to emptySet(),
        olga.id to setOf("finance", "security"),
    ),
    groups = setOf("finance", "security", "nobody yet"),
)

internal val oneOfEach: Map<String, Int> = mapOf("finance" to 1, "security" to 1)

internal const val HOLDER: String = "claimant-of-the-last-claim"
internal const val STRANGER: String = "claimant-of-another-call"
internal const val FENCE: Int = 3

internal val refund: Question = refundOf(20)

/** A policy's rule made it so. */
internal val escalating: Question =
    refund.copy(groups = listOf("finance"), asked = Demand(), rule = "money", escalation = EscalationPlan(noon, listOf("security")))

internal fun refundOf(amount: Int): Question {
    val context = buildJsonObject { put("amount", amount) }
    return Question(
        id = "ap_first",
        mode = Mode.LIVE,
        requesterId = "req_billing",
        requesterLabel = "billing",
        action = "payments.refund",
        summary = "Refund $amount EUR",
        context = context,
        requestHash = CanonicalJson.requestHash("payments.refund", context),
        dedupKey = "order-1",
        createdAt = noon - Duration.ofHours(1),
        expiresAt = noon + Duration.ofHours(1),
        validForSeconds = 3_600,
    )
}

/** Every state that the rules tell apart, as a record looked at [noon]. */
internal enum class State(val record: ApprovalRecord) {
    PENDING(pending(refund)),
    OVERDUE(pending(refund.copy(expiresAt = noon.minusSeconds(1)))),
    TEST_YES(pending(test(TestDecision.approve(1.hours)))),
    TEST_NO(pending(test(TestDecision.deny(1.hours)))),
    APPROVED(approved()),
    STALE(approved(validForSeconds = 599)),
    RUNNING(claimed(leaseUntil = noon.plusSeconds(30))),
    LAPSED(claimed(leaseUntil = noon.minusSeconds(1))),
    SUCCEEDED(ended(ExecutionState.SUCCEEDED)),
    FAILED(ended(ExecutionState.FAILED)),
    UNKNOWN(ended(ExecutionState.UNKNOWN)),
    DENIED(decided(ApprovalStatus.DENIED, ann, Answer.DENY)),
    EXPIRED(decided(ApprovalStatus.EXPIRED)),
    CANCELLED(decided(ApprovalStatus.CANCELLED)),

    /** Ann has approved; one more is needed. */
    VOTED(
        pending(refund.copy(approvalsRequired = 2)).let {
            it.copy(progress = it.progress.copy(votes = listOf(seen(ann, Answer.APPROVE))))
        },
    ),
    EDITABLE(pending(refund.copy(editable = listOf("amount")))),
    GROUPED(pending(refund.copy(groups = listOf("finance", "security"), approvalsRequired = 2, approvalsPerGroup = oneOfEach))),

    /** Of finance alone, and from noon on of security too. */
    ESCALATING(pending(escalating)),
    ESCALATED(pending(escalating.copy(groups = oneOfEach.keys.toList(), escalation = EscalationPlan(noon, listOf("security"), noon)))),

    /** Asked was 20, approved is 21. */
    EDITED(edited()),
}

/** The refund as a test asks it, an hour before noon. */
internal fun test(answer: TestDecision?): Question = refund.copy(mode = Mode.TEST, test = answer)

internal fun pending(question: Question): ApprovalRecord = ApprovalRecord(question, Progress(), version = 1)

/** Decided ten minutes ago. Its expiry has passed since, which must not matter any more. */
internal fun decided(
    status: ApprovalStatus,
    by: Person? = null,
    answer: Answer? = null,
    question: Question = refund.copy(expiresAt = noon.minusSeconds(60)),
): ApprovalRecord {
    val at = noon.minusSeconds(600)
    val votes = if (by != null && answer != null) listOf(seen(by, answer)) else emptyList()
    val validUntil = if (status == ApprovalStatus.APPROVED) at.plusSeconds(question.validForSeconds) else null
    val decision = Decision(status, by, by?.let { "inbox" }, by?.let { "seen" })
    return ApprovalRecord(question, Progress(status, votes, decision, decidedAt = at, validUntil = validUntil), version = 2)
}

private fun seen(by: Person, answer: Answer) = Vote(by, answer, noon.minusSeconds(600), "inbox", "seen")

private fun edited(): ApprovalRecord {
    val asked =
        decided(ApprovalStatus.APPROVED, ann, Answer.APPROVE, refund.copy(editable = listOf("amount"), expiresAt = noon.minusSeconds(60)))
    val decision = Decision(ApprovalStatus.APPROVED, ann, "inbox", "seen", refundOf(21).context)
    return asked.copy(progress = asked.progress.copy(decision = decision, contextHash = refundOf(21).requestHash))
}

internal fun approved(validForSeconds: Long = 3_600): ApprovalRecord = decided(
    ApprovalStatus.APPROVED,
    ann,
    Answer.APPROVE,
    refund.copy(expiresAt = noon.minusSeconds(60), validForSeconds = validForSeconds),
)

internal fun claimed(leaseUntil: Instant, validForSeconds: Long = 3_600): ApprovalRecord =
    approved(validForSeconds).runs(Execution(ExecutionState.CLAIMED, noon.minusSeconds(30)), leaseUntil)

/** A run that ended within its lease, which is over by now. */
internal fun ended(state: ExecutionState, validForSeconds: Long = 3_600): ApprovalRecord =
    approved(validForSeconds).runs(Execution(state, noon.minusSeconds(30), noon.minusSeconds(20), "done"), noon.minusSeconds(5))

private fun ApprovalRecord.runs(execution: Execution, leaseUntil: Instant): ApprovalRecord =
    copy(progress = progress.copy(execution = execution, claim = Claim(HOLDER, FENCE, leaseUntil)), version = 3)
