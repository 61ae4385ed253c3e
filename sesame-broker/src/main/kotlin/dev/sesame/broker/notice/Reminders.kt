package dev.sesame.broker.notice

import dev.sesame.rules.Question
import java.time.Duration
import java.time.Instant

/**
 * When those who haven't answered are told again: at the times that the policy's rule says, as long as it is open; else at half time, and when
 * a tenth is left, but for short questions.
 */
internal fun reminders(question: Question): Map<NoticeKind, Instant> {
    question.remindAfterSeconds?.let { return question.remindersAfter(it) }
    val time = Duration.between(question.createdAt, question.expiresAt)
    if (time < SHORTEST_REMINDED) return emptyMap()
    return mapOf(
        NoticeKind.HALF_TIME to question.createdAt + time.dividedBy(2),
        NoticeKind.LAST_CALL to question.expiresAt - time.dividedBy(10),
    )
}

private fun Question.remindersAfter(seconds: List<Long>): Map<NoticeKind, Instant> =
    NoticeKind.REMINDERS.zip(seconds) { kind, after -> kind to createdAt.plusSeconds(after) }.filter { (_, due) -> due < expiresAt }.toMap()

/** With less, the last call would leave less than a minute. */
private val SHORTEST_REMINDED = Duration.ofMinutes(10)
