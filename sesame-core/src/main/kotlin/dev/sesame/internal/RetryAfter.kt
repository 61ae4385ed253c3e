package dev.sesame.internal

import java.time.DateTimeException
import java.time.Instant
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The header `Retry-After` (RFC 9110, 10.2.3), clamped to what a caller can be asked to wait. */
internal object RetryAfter {
    private val LONGEST = 60.seconds

    /** `null` where it can't be read. */
    fun parse(text: String, now: Instant = Instant.now()): Duration? {
        val value = text.trim()
        val delay = value.toDoubleOrNull()?.takeIf { it.isFinite() }?.seconds ?: untilDate(value, now) ?: return null
        return delay.coerceIn(Duration.ZERO, LONGEST)
    }

    private fun untilDate(text: String, now: Instant): Duration? = try {
        val date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()
        (date.toEpochMilli() - now.toEpochMilli()).milliseconds
    } catch (_: DateTimeException) {
        null
    }
}
