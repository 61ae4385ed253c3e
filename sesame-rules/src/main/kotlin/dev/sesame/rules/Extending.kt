package dev.sesame.rules

import dev.sesame.ApprovalStatus
import java.time.Duration
import java.time.Instant

/** Gives people more time, never less, and never more in all than is allowed here and by the contract. */
internal fun extend(record: ApprovalRecord, command: Command.Extend, now: Instant): Ruling {
    if (!record.isForPeople) return Ruling.Refused(Refusal.FORBIDDEN)
    if (record.status != ApprovalStatus.PENDING) return Ruling.Refused(Refusal.ALREADY_DECIDED)
    if (!command.isAdmin) notTheirs(record, command.by.id, command.electorate, command.asker)?.let { return Ruling.Refused(it) }
    val question = record.question
    if (command.to == question.expiresAt) return Ruling.Granted(null)
    val latest = record.latestExpiry(command.atMost)
    val problem = when {
        command.to < question.expiresAt -> "must lead beyond the present expiry, ${question.expiresAt}"
        command.to > latest && latest == question.latestExpiry -> "may lead to $latest at most, by the rule \"${question.rule}\""
        command.to > latest -> "may lead to $latest at most"
        record.progress.isExtendedOut -> "comes too late: the expiry was put off $MOST_EXTENSIONS times already"
        else -> return Ruling.Granted(record.extended(command, now))
    }
    return Ruling.Refused(Refusal.INVALID, fields = listOf(FieldProblem("expires_in", problem)))
}

/** How far the expiry may be put off in all, where people may have it [atMost] after the asking: never beyond what the policy's rule gives. */
public fun ApprovalRecord.latestExpiry(atMost: Duration): Instant =
    listOfNotNull(question.createdAt + minOf(atMost, LONGEST_EXPIRY), question.latestExpiry).min()

/** Whether it was put off as often as it may be. */
public val Progress.isExtendedOut: Boolean get() = extensions.size >= MOST_EXTENSIONS

private fun ApprovalRecord.extended(command: Command.Extend, now: Instant): Transition {
    val extension = Extension(command.by, now, from = question.expiresAt, to = command.to)
    val later =
        copy(question = question.copy(expiresAt = command.to), progress = progress.copy(extensions = progress.extensions + extension))
    return Transition(later.next(), Event.EXTENDED)
}

/** From the asking to the expiry, however often it is put off. */
internal val LONGEST_EXPIRY: Duration = Duration.ofDays(30)

/** How often an expiry may be put off. */
public const val MOST_EXTENSIONS: Int = 20
