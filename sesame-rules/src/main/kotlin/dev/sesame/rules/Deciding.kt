package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.Decision
import dev.sesame.Person
import dev.sesame.Vote
import java.time.Instant

/** One person's vote: a denial ends the question, the last missing approval too. */
internal fun castVote(record: ApprovalRecord, command: Command.CastVote, now: Instant): Ruling {
    if (!record.isForPeople) return Ruling.Refused(Refusal.FORBIDDEN)
    if (record.status != ApprovalStatus.PENDING) return Ruling.Refused(Refusal.ALREADY_DECIDED)
    if (command.by.id == command.asker) return Ruling.Refused(Refusal.SELF_APPROVAL)
    val earlier = record.progress.votes.find { it.by.id == command.by.id }
    if (earlier?.vote == command.answer) return Ruling.Granted(null)

    val vote = Vote(command.by, command.answer, now, command.via, command.note)
    val votes = record.progress.votes.filter { it.by.id != command.by.id } + vote
    val voted = record.copy(progress = record.progress.copy(votes = votes))
    val ruling = when {
        command.answer == Answer.DENY -> voted.decided(ApprovalStatus.DENIED, now, command.by, command.via, command.note)

        Tally.reached(votes, record.question.approvalsRequired) ->
            voted.decided(ApprovalStatus.APPROVED, now, command.by, command.via, command.note)

        else -> Transition(voted.next(), Event.VOTED)
    }
    return Ruling.Granted(ruling)
}

internal fun cancel(record: ApprovalRecord, now: Instant): Ruling = when (record.status) {
    ApprovalStatus.PENDING -> Ruling.Granted(record.decided(ApprovalStatus.CANCELLED, now))
    ApprovalStatus.CANCELLED -> Ruling.Granted(null)
    else -> Ruling.Refused(Refusal.ALREADY_DECIDED)
}

/** What time alone decides: silence, and the answer that a test request brings along. Where both are due, it was silence. */
internal fun ApprovalRecord.decidedByTime(now: Instant): Transition? {
    val test = question.test
    return when {
        status != ApprovalStatus.PENDING || now < question.endsAt -> null
        test == null || now >= question.expiresAt -> decided(ApprovalStatus.EXPIRED, now)
        test.decide == Answer.APPROVE -> decided(ApprovalStatus.APPROVED, now, via = BY_TEST, note = test.note)
        else -> decided(ApprovalStatus.DENIED, now, via = BY_TEST, note = test.note)
    }
}

/** What a policy decides without asking anybody. */
internal fun ApprovalRecord.decidedByPolicy(policy: PolicyRuling, now: Instant): Transition? = when (policy.effect) {
    PolicyEffect.PERMIT -> decided(ApprovalStatus.APPROVED, now, via = BY_POLICY, note = policy.reason)
    PolicyEffect.DENY -> decided(ApprovalStatus.DENIED, now, via = BY_POLICY, note = policy.reason)
    PolicyEffect.REQUIRE_APPROVAL -> null
}

/** The one place where a decision is made. */
internal fun ApprovalRecord.decided(
    status: ApprovalStatus,
    now: Instant,
    by: Person? = null,
    via: String? = null,
    note: String? = null,
): Transition {
    check(progress.decision == null && this.status == ApprovalStatus.PENDING) { "$id is decided already" }
    val after = progress.copy(
        status = status,
        decision = Decision(status, by, via, note),
        decidedAt = now,
        validUntil = if (status == ApprovalStatus.APPROVED) now.plusSeconds(question.validForSeconds) else null,
    )
    return Transition(copy(progress = after).next(), Event.valueOf(status.value.uppercase()))
}

internal fun ApprovalRecord.next(): ApprovalRecord = copy(version = version + 1)

/** How many distinct people have approved, and whether that is enough. */
internal object Tally {
    fun reached(votes: List<Vote>, required: Int): Boolean =
        votes.filter { it.vote == Answer.APPROVE }.distinctBy { it.by.id }.size >= required
}

private const val BY_TEST = "test"
private const val BY_POLICY = "policy"
