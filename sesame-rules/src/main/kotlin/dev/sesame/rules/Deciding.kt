package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.Decision
import dev.sesame.Person
import dev.sesame.Vote
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/** One person's vote: a denial ends the question, the last missing approval too. */
internal fun castVote(record: ApprovalRecord, command: Command.CastVote, now: Instant): Ruling {
    if (!record.isForPeople) return Ruling.Refused(Refusal.FORBIDDEN)
    if (record.status != ApprovalStatus.PENDING) return Ruling.Refused(Refusal.ALREADY_DECIDED)
    notTheirs(record, command.by.id, command.electorate, command.asker)?.let { return Ruling.Refused(it) }
    val editing = record.question.edited(command.context)
    if (editing is Editing.Refused) return Ruling.Refused(editing.refusal, fields = editing.fields)
    // An edit that doesn't decide would be lost; one that decides by the votes of others would be approved by people who never saw it.
    if (editing is Editing.Edited && !record.question.isDecidedBy(command.by.id, command.electorate, command.asker)) {
        return Ruling.Refused(Refusal.NOT_EDITABLE, fields = listOf(FieldProblem("context", NOT_ALONE)))
    }

    val votes = record.progress.votes.withVote(command, now)
    val voted = record.copy(progress = record.progress.copy(votes = votes))
    return Ruling.Granted(
        when {
            command.answer == Answer.DENY -> voted.decided(ApprovalStatus.DENIED, now, command.by, command.via, command.note)
            record.question.isApprovedBy(votes, command.electorate, command.asker) -> voted.approved(command, editing, now)
            votes === record.progress.votes -> null
            else -> Transition(voted.next(), Event.VOTED)
        },
    )
}

/** Why [personId] has no say in it; `null` where they have. */
internal fun notTheirs(record: ApprovalRecord, personId: String, electorate: Electorate, asker: String?): Refusal? = when {
    record.question.isKeptFrom(personId, asker) -> Refusal.SELF_APPROVAL
    !electorate.isAsked(personId, record.question) -> Refusal.NOT_IN_GROUP
    else -> null
}

/** With one's own vote again, the very same list; another vote takes the place of the earlier one. */
private fun List<Vote>.withVote(command: Command.CastVote, now: Instant): List<Vote> {
    val earlier = find { it.by.id == command.by.id }
    if (earlier?.vote == command.answer) return this
    return filter { it !== earlier } + Vote(command.by, command.answer, now, command.via, command.note)
}

private fun ApprovalRecord.approved(command: Command.CastVote, editing: Editing, now: Instant): Transition {
    val edited = editing as? Editing.Edited
    val hashed = copy(progress = progress.copy(contextHash = edited?.hash))
    return hashed.decided(ApprovalStatus.APPROVED, now, command.by, command.via, command.note, edited?.context)
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
    editedContext: JsonObject? = null,
): Transition {
    check(progress.decision == null && this.status == ApprovalStatus.PENDING) { "$id is decided already" }
    val after = progress.copy(
        status = status,
        decision = Decision(status, by, via, note, editedContext),
        decidedAt = now,
        validUntil = if (status == ApprovalStatus.APPROVED) now.plusSeconds(question.validForSeconds) else null,
    )
    return Transition(copy(progress = after).next(), Event.valueOf(status.value.uppercase()))
}

internal fun ApprovalRecord.next(): ApprovalRecord = copy(version = version + 1)

private const val BY_TEST = "test"
private const val BY_POLICY = "policy"
