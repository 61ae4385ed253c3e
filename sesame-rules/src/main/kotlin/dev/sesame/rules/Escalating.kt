package dev.sesame.rules

import dev.sesame.ApprovalStatus
import java.time.Instant

/** Asks more people, once, where it is pending for so long; nobody who was asked before has less of a say by it. */
internal fun escalate(record: ApprovalRecord, now: Instant): Ruling {
    val due = record.escalatesAt?.takeIf { now >= it } ?: return Ruling.Granted(null)
    val question = record.question
    val plan = checkNotNull(question.escalation) { "${record.id} escalates at $due to nobody" }
    check(record.status == ApprovalStatus.PENDING && question.groups.isNotEmpty()) { "${record.id} asks everybody already" }
    val escalated = question.copy(groups = question.groups + plan.groups, escalation = plan.copy(escalatedAt = now))
    return Ruling.Granted(Transition(record.copy(question = escalated).next(), Event.ESCALATED))
}

/** As it asks once it has escalated, where time doesn't end it before. */
internal fun Question.withAllWhoMayBeAsked(): Question {
    val plan = escalation?.takeIf { it.escalatedAt == null && it.at < expiresAt } ?: return this
    return copy(groups = groups + plan.groups)
}
