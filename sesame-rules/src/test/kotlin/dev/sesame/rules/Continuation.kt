package dev.sesame.rules

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.time.Instant

/** What must be true of every transition, by its event: what it sets, and that it leaves the rest alone. */
internal fun Transition.shouldContinue(before: ApprovalRecord, command: Command, now: Instant) {
    after.version shouldBe before.version + 1
    when (event) {
        Event.APPROVED, Event.DENIED, Event.EXPIRED, Event.CANCELLED -> after.progress.shouldBeDecided(before.progress, event, now)
        Event.CLAIMED -> after.progress.shouldBeGranted(before.progress, command as Command.TakeClaim, now)
        Event.RENEWED -> after.progress.shouldBeRenewed(before.progress, command as Command.TakeClaim, now)
        Event.REPORTED -> after.progress.shouldHaveEnded(before.progress, (command as Command.Report).outcome, now)
        Event.SETTLED -> after.progress.shouldHaveEnded(before.progress, (command as Command.Settle).outcome, now)
        Event.VOTED -> after.progress.copy(votes = before.progress.votes) shouldBe before.progress
        Event.EXTENDED -> shouldBeExtended(before, command as Command.Extend, now)
        Event.ESCALATED -> after.progress shouldBe before.progress
        Event.REDACTED -> shouldBeErased(before)
        Event.OPENED -> error("no command opens")
    }
    after.question shouldBe before.question.after(event, this, command, now)
    val edit = (command as? Command.CastVote)?.context.takeIf { event == Event.APPROVED && before.isForPeople }
    if (event.isDecision) after.progress.decision?.editedContext shouldBe edit
}

/** What an extension, an escalation and an erasure change of it, and nothing else does. */
private fun Question.after(event: Event, transition: Transition, command: Command, now: Instant): Question = when (event) {
    Event.EXTENDED -> copy(expiresAt = transition.after.question.expiresAt)

    Event.ESCALATED -> escalation.shouldNotBeNull().let {
        copy(groups = groups + it.groups, escalation = EscalationPlan(it.at, it.groups, escalatedAt = now))
    }

    Event.REDACTED -> (command as Command.Redact).let {
        copy(context = context.redacted(it.fields), erasures = erasures + Erasure(it.fields, now, it.by))
    }

    else -> this
}

private fun Transition.shouldBeErased(before: ApprovalRecord) {
    after.contextHash shouldBe before.contextHash
    after.progress shouldBe before.progress.copy(decision = after.progress.decision)
    after.progress.decision?.status shouldBe before.progress.decision?.status
}

private fun Transition.shouldBeExtended(before: ApprovalRecord, command: Command.Extend, now: Instant) {
    after.question.expiresAt shouldBe command.to
    val extension = Extension(command.by, now, before.question.expiresAt, command.to)
    after.progress shouldBe before.progress.copy(extensions = before.progress.extensions + extension)
}

private fun Progress.shouldBeDecided(before: Progress, event: Event, now: Instant) {
    status shouldBe ApprovalStatus.of(event.name.lowercase())
    decision.shouldNotBeNull().status shouldBe status
    decidedAt shouldBe now
    validUntil shouldBe if (event == Event.APPROVED) now.plusSeconds(refund.validForSeconds) else null
    execution.shouldBeNull()
    if (event == Event.EXPIRED || event == Event.CANCELLED) votes shouldBe before.votes
}

private fun Progress.shouldBeGranted(before: Progress, command: Command.TakeClaim, now: Instant) {
    val afterUnknown = before.execution != null && before.execution?.state != ExecutionState.FAILED
    claim shouldBe Claim(command.claimant, (before.claim?.fence ?: 0) + 1, now + command.lease, afterUnknown)
    val run = execution.shouldNotBeNull()
    run.state shouldBe ExecutionState.CLAIMED
    run.claimedAt shouldBe now
    run.endedAt.shouldBeNull()
    copy(claim = before.claim, execution = before.execution) shouldBe before
}

private fun Progress.shouldBeRenewed(before: Progress, command: Command.TakeClaim, now: Instant) {
    claim shouldBe before.claim.shouldNotBeNull().copy(leaseUntil = now + command.lease)
    copy(claim = before.claim) shouldBe before
}

private fun Progress.shouldHaveEnded(before: Progress, outcome: ExecutionState, now: Instant) {
    val run = execution.shouldNotBeNull()
    run.state shouldBe outcome
    run.claimedAt shouldBe before.execution.shouldNotBeNull().claimedAt
    run.endedAt shouldBe now
    copy(execution = before.execution) shouldBe before
}
