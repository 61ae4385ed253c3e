package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.internal.CanonicalJson
import io.kotest.matchers.nulls.shouldNotBeNull

/** Holds every vote, edit and extension against the invariant 3 of `house.md`, counting in its own, plodding way. */
internal fun seesPeople(before: ApprovalRecord, command: Command, ruling: Ruling) {
    val event = ruling.transition?.event
    val after = ruling.transition?.after ?: before
    if (event == Event.EXTENDED) seesExtension(before, after, command as Command.Extend)
    if (event == Event.ESCALATED) seesEscalation(before.question, after.question)
    if (event == Event.REDACTED) seesErasing(before, after)
    if (event !in changingTheQuestion) must("what was asked stays", after.question == before.question)
    if (command !is Command.CastVote || ruling is Ruling.Refused || ruling is Ruling.TimeFirst) return
    must("3: only who is active, and asked, votes", command.electorate.mayAnswer(command.by.id, before.question))
    val suffices = sufficesPlainly(after, command.electorate)
    if (event == Event.APPROVED) must("3: enough people approved, counted at the last vote", suffices)
    if (event == Event.VOTED || event == null) must("3: it isn't kept from those who waited", !suffices)
    if (event == Event.APPROVED) seesEdit(after, command)
}

private val changingTheQuestion = setOf(Event.EXTENDED, Event.ESCALATED, Event.REDACTED)

private fun Electorate.mayAnswer(id: String, question: Question) =
    groupsOf[id]?.let { theirs -> question.groups.isEmpty() || theirs.intersect(question.groups.toSet()).isNotEmpty() } == true

/** Every way to give the approvers to the groups is tried. */
private fun sufficesPlainly(record: ApprovalRecord, electorate: Electorate): Boolean {
    val question = record.question
    val people = record.progress.votes.filter { it.vote == Answer.APPROVE }.map { it.by.id }.filter { electorate.mayAnswer(it, question) }
    val wanted = question.approvalsPerGroup.flatMap { (group, count) -> List(count) { group } }
    return people.size >= question.approvalsRequired && canSeat(wanted, people, electorate)
}

private fun canSeat(wanted: List<String>, people: List<String>, electorate: Electorate): Boolean = wanted.isEmpty() ||
    people.any { wanted.first() in electorate.groupsOf.getValue(it) && canSeat(wanted.drop(1), people - it, electorate) }

private fun seesEdit(after: ApprovalRecord, command: Command.CastVote) {
    val question = after.question
    val effective = after.progress.decision.shouldNotBeNull().editedContext ?: question.context
    must(
        "4: the approved hash is that of the effective context",
        after.contextHash == CanonicalJson.requestHash(question.action, effective),
    )
    must("what was approved is what was sent", command.context == null || command.context == effective)
    if (effective == question.context) return
    must("only one person's approval changes anything", question.approvalsRequired == 1 && after.progress.votes.size == 1)
    val keys = question.context.keys + effective.keys
    must("only editable fields differ", keys.all { question.context[it] == effective[it] || it in question.editable })
}

private fun seesErasing(before: ApprovalRecord, after: ApprovalRecord) {
    must("nothing is erased before it is decided", before.status.isTerminal && after.status == before.status)
    val kept = after.question.copy(context = before.question.context, erasures = before.question.erasures)
    must("nothing else of the question changes", kept == before.question)
    must("its hashes stay", after.contextHash == before.contextHash)
}

private fun seesExtension(before: ApprovalRecord, after: ApprovalRecord, command: Command.Extend) {
    must("only what is pending is extended", before.status == ApprovalStatus.PENDING && after.status == ApprovalStatus.PENDING)
    must("it only gets later", after.question.expiresAt > before.question.expiresAt && after.question.expiresAt == command.to)
    must("and within its bound", after.question.expiresAt <= before.question.createdAt + command.atMost)
    must("nothing else of the question changes", after.question.copy(expiresAt = before.question.expiresAt) == before.question)
    must("who isn't asked extends only as admin", command.isAdmin || command.electorate.mayAnswer(command.by.id, before.question))
}

private fun seesEscalation(before: Question, after: Question) {
    val plan = before.escalation.shouldNotBeNull()
    must("it escalates once", plan.escalatedAt == null && after.escalation?.escalatedAt != null)
    must("and not before its time", after.escalation.shouldNotBeNull().escalatedAt.shouldNotBeNull() >= plan.at)
    must("who was asked is asked still, beside those it escalates to", after.groups == before.groups + plan.groups)
    must("nothing else of the question changes", after.copy(groups = before.groups, escalation = plan) == before)
}
