package dev.sesame.broker.notice

import dev.sesame.rules.Question
import java.time.Duration
import java.time.Instant

/** When those who haven't answered are told again: at half time, and when a tenth is left. Short questions have no reminders. */
internal fun reminders(question: Question): Map<NoticeKind, Instant> {
    val time = Duration.between(question.createdAt, question.expiresAt)
    if (time < SHORTEST_REMINDED) return emptyMap()
    return mapOf(
        NoticeKind.HALF_TIME to question.createdAt + time.dividedBy(2),
        NoticeKind.LAST_CALL to question.expiresAt - time.dividedBy(10),
    )
}

/** With less, the last call would leave less than a minute. */
private val SHORTEST_REMINDED = Duration.ofMinutes(10)
