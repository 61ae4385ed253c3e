package dev.sesame.rules

import dev.sesame.ApprovalStatus
import dev.sesame.Execution
import dev.sesame.ExecutionState
import dev.sesame.Person
import java.time.Instant

/** Who may run an approved action: one call at a time, once; after a run that ended without a word, only whoever says so. */
internal fun takeClaim(record: ApprovalRecord, command: Command.TakeClaim, now: Instant): Ruling {
    if (record.status != ApprovalStatus.APPROVED) return Ruling.Refused(Refusal.NOT_APPROVED)
    if (command.contextHash != record.contextHash) return Ruling.Refused(Refusal.CONTEXT_MISMATCH)
    return when (record.executionStateAt(now)) {
        null -> grant(record, command, now)
        ExecutionState.FAILED -> grantAgain(record, command, now)
        ExecutionState.CLAIMED -> renew(record, command, now)
        ExecutionState.SUCCEEDED -> Ruling.Refused(Refusal.ALREADY_EXECUTED)
        else -> if (command.afterUnknown) grant(record, command, now, afterUnknown = true) else Ruling.Refused(Refusal.OUTCOME_UNKNOWN)
    }
}

private fun grant(record: ApprovalRecord, command: Command.TakeClaim, now: Instant, afterUnknown: Boolean = false): Ruling {
    val validUntil = checkNotNull(record.progress.validUntil) { "${record.id} is approved without a validity" }
    if (now >= validUntil) return Ruling.Refused(Refusal.APPROVAL_LAPSED)
    val claim = Claim(command.claimant, (record.progress.claim?.fence ?: 0) + 1, now + command.lease, afterUnknown)
    return Ruling.Granted(record.running(claim, Execution(ExecutionState.CLAIMED, claimedAt = now), Event.CLAIMED))
}

/** After a run that did nothing. A call that has said so claims no more: what comes from it now is older than its word. */
private fun grantAgain(record: ApprovalRecord, command: Command.TakeClaim, now: Instant): Ruling =
    if (record.heldClaim().claimant == command.claimant) Ruling.Refused(Refusal.CLAIM_LOST) else grant(record, command, now)

private fun renew(record: ApprovalRecord, command: Command.TakeClaim, now: Instant): Ruling {
    val claim = record.heldClaim()
    if (claim.claimant != command.claimant) return Ruling.Refused(Refusal.ALREADY_CLAIMED)
    val longer = claim.copy(leaseUntil = maxOf(claim.leaseUntil, now + command.lease))
    return Ruling.Granted(record.running(longer, record.progress.execution, Event.RENEWED))
}

/**
 * What the holder says about its run. A word that comes after the lease still counts, as long as nobody was given a newer claim. That it did
 * nothing doesn't tell what an earlier run did: where nobody knew that before, nobody knows it after.
 */
internal fun report(record: ApprovalRecord, command: Command.Report, now: Instant): Ruling {
    val execution = record.progress.execution
    val claim = record.progress.claim
    if (execution == null || claim == null || command.fence != claim.fence) return Ruling.Refused(Refusal.CLAIM_LOST)
    val outcome = if (command.outcome == ExecutionState.FAILED && claim.afterUnknown) ExecutionState.UNKNOWN else command.outcome
    return when (execution.state) {
        command.outcome, outcome -> Ruling.Granted(null)
        ExecutionState.SUCCEEDED -> Ruling.Refused(Refusal.ALREADY_EXECUTED)
        else -> end(record, outcome, command.detail, now, Event.REPORTED)
    }
}

/** An admin's word on a run that ended without one. */
internal fun settle(record: ApprovalRecord, command: Command.Settle, now: Instant): Ruling {
    val state = record.executionStateAt(now)
    return when (state) {
        command.outcome -> Ruling.Granted(null)
        ExecutionState.UNKNOWN -> end(record, command.outcome, command.detail, now, Event.SETTLED, command.by)
        ExecutionState.SUCCEEDED -> Ruling.Refused(Refusal.ALREADY_EXECUTED)
        ExecutionState.CLAIMED -> Ruling.Refused(Refusal.ALREADY_CLAIMED)
        else -> Ruling.Refused(Refusal.CLAIM_LOST)
    }
}

/** The state of the run as everybody must see it at [now]: a lease that lapsed without an outcome is unknown. `null` where none began. */
public fun ApprovalRecord.executionStateAt(now: Instant): ExecutionState? {
    val state = progress.execution?.state
    return if (state == ExecutionState.CLAIMED && now >= heldClaim().leaseUntil) ExecutionState.UNKNOWN else state
}

private fun end(
    record: ApprovalRecord,
    outcome: ExecutionState,
    detail: String?,
    now: Instant,
    event: Event,
    settledBy: Person? = null,
): Ruling {
    val claimedAt = checkNotNull(record.progress.execution) { "${record.id} never ran" }.claimedAt
    return Ruling.Granted(record.running(record.heldClaim(), Execution(outcome, claimedAt, now, detail), event, settledBy))
}

internal fun ApprovalRecord.heldClaim(): Claim = checkNotNull(progress.claim) { "$id is claimed by nobody" }

private fun ApprovalRecord.running(claim: Claim, execution: Execution?, event: Event, settledBy: Person? = null): Transition =
    Transition(copy(progress = progress.copy(claim = claim, execution = execution, settledBy = settledBy)).next(), event)
