package dev.sesame.broker.egress

import java.time.DateTimeException
import java.time.Instant
import java.time.LocalDateTime
import java.time.ZoneOffset
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import java.util.Locale
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date in any of the three forms (5.6.7). */
internal object RetryAfter {
    private val seconds = Regex("[0-9]+")

    /** Of before 1970 nothing is said in a header: the two digits mean the fifty years about now. */
    private val rfc850 = DateTimeFormatter.ofPattern("EEEE, dd-MMM-uu HH:mm:ss 'GMT'", Locale.US)
    private val asctime = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US)
    private val dates: List<(String) -> Instant> = listOf(
        { ZonedDateTime.parse(it, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant() },
        { LocalDateTime.parse(it, rfc850).toInstant(ZoneOffset.UTC) },
        { LocalDateTime.parse(it, asctime).toInstant(ZoneOffset.UTC) },
    )

    /** How long [text] asks to wait at [now], never negative; `null` where it can't be read. */
    fun parse(text: String, now: Instant): Duration? {
        val value = text.trim()
        if (seconds.matches(value)) return value.toDouble().seconds
        val date = dates.firstNotNullOfOrNull { it.orNull(value) } ?: return null
        return (date.toEpochMilli() - now.toEpochMilli()).milliseconds.coerceAtLeast(Duration.ZERO)
    }

    private fun ((String) -> Instant).orNull(text: String): Instant? = try {
        this(text)
    } catch (_: DateTimeException) {
        null
    }
}
