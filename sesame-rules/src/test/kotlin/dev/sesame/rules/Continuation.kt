package dev.sesame.rules

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.time.Instant

/** What must be true of every transition, by its event: what it sets, and that it leaves the rest alone. */
internal fun Transition.shouldContinue(before: ApprovalRecord, command: Command, now: Instant) {
    val kept = after.question.copy(expiresAt = before.question.expiresAt)
    if (event == Event.REDACTED) {
        kept.copy(context = before.question.context, erasures = before.question.erasures) shouldBe before.question
    } else {
        kept shouldBe before.question
    }
    after.version shouldBe before.version + 1
    when (event) {
        Event.APPROVED, Event.DENIED, Event.EXPIRED, Event.CANCELLED -> after.progress.shouldBeDecided(before.progress, event, now)
        Event.CLAIMED -> after.progress.shouldBeGranted(before.progress, command as Command.TakeClaim, now)
        Event.RENEWED -> after.progress.shouldBeRenewed(before.progress, command as Command.TakeClaim, now)
        Event.REPORTED -> after.progress.shouldHaveEnded(before.progress, (command as Command.Report).outcome, now)
        Event.SETTLED -> after.progress.shouldHaveEnded(before.progress, (command as Command.Settle).outcome, now)
        Event.VOTED -> after.progress.copy(votes = before.progress.votes) shouldBe before.progress
        Event.EXTENDED -> shouldBeExtended(before, command as Command.Extend, now)
        Event.REDACTED -> shouldBeErased(before, command as Command.Redact, now)
        Event.OPENED -> error("no command opens")
    }
    if (event != Event.EXTENDED && event != Event.REDACTED) after.question shouldBe before.question
    val edit = (command as? Command.CastVote)?.context.takeIf { event == Event.APPROVED && before.isForPeople }
    if (event.isDecision) after.progress.decision?.editedContext shouldBe edit
}

private fun Transition.shouldBeErased(before: ApprovalRecord, command: Command.Redact, now: Instant) {
    after.question.erasures shouldBe before.question.erasures + Erasure(command.fields, now, command.by)
    after.question.context shouldBe before.question.context.redacted(command.fields)
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
    claim shouldBe Claim(command.claimant, (before.claim?.fence ?: 0) + 1, now + command.lease)
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
