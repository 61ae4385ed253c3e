package dev.sesame.rules

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.Escalation
import dev.sesame.Execution
import dev.sesame.ExecutionState
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.encodeToJsonElement
import java.time.Instant

/**
 * The approval as callers are told it at [now]; [publicUrl] is where people reach the broker. Over [channel], what is hidden there is left
 * out; without one, as to its requester, nothing but what is erased.
 */
public fun ApprovalRecord.toApproval(publicUrl: String, now: Instant, channel: String? = null): Approval =
    if (channel == null) document(publicUrl, now, question.erased) else toldOver(channel).document(publicUrl, now, redactedIn(channel))

private fun ApprovalRecord.document(publicUrl: String, now: Instant, redacted: List<String>): Approval = Approval(
    id = id,
    mode = question.mode,
    action = question.action,
    summary = question.summary,
    reason = question.reason,
    context = question.context,
    requestHash = question.requestHash,
    contextHash = contextHash,
    callbackUrl = question.callbackUrl,
    dedupKey = question.dedupKey,
    status = status,
    createdAt = question.createdAt,
    expiresAt = question.expiresAt,
    decidedAt = progress.decidedAt,
    validUntil = progress.validUntil,
    requesterLabel = question.requesterLabel,
    requestedBy = question.requestedBy,
    riskScore = question.riskScore,
    editable = question.editable,
    approvalsRequired = question.approvalsRequired,
    groups = question.groups,
    approvalsPerGroup = question.approvalsPerGroup,
    escalation = question.escalation?.let { Escalation(it.at, it.groups, it.escalatedAt) },
    votes = progress.votes,
    approvalUrl = "$publicUrl/approvals/$id",
    rule = question.rule,
    claim = "required",
    decision = progress.decision,
    execution = executionAt(now),
    redacted = redacted,
)

/** As the contract writes documents: every field, also where it is null. */
public fun Approval.toJson(): JsonElement = wire.encodeToJsonElement(this)

/** The approval as it was when it was decided: nothing of its run. The feed tells it so. */
public fun ApprovalRecord.asDecided(): ApprovalRecord = copy(progress = progress.copy(execution = null, claim = null))

/** Whether the question is still open at [now]: no read shows `pending` past its end. */
public fun ApprovalRecord.isOpenAt(now: Instant): Boolean = status == ApprovalStatus.PENDING && now < question.endsAt

private fun ApprovalRecord.executionAt(now: Instant): Execution? {
    val execution = progress.execution ?: return null
    if (executionStateAt(now) == execution.state) return execution
    return Execution(ExecutionState.UNKNOWN, execution.claimedAt, heldClaim().leaseUntil, "the lease lapsed without an outcome")
}

private val wire = Json { encodeDefaults = true }
