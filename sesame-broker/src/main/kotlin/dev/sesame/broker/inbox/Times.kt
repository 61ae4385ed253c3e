package dev.sesame.broker.inbox

import kotlinx.html.FlowOrPhrasingContent
import kotlinx.html.time
import java.time.Duration
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.Locale

/** A moment; the script puts it into the reader's own time. */
internal fun FlowOrPhrasingContent.moment(at: Instant) {
    time {
        dateTime = at.toString()
        attributes["data-moment"] = ""
        +written.format(at.atOffset(ZoneOffset.UTC))
    }
}

/** How long is left until [end]; the script counts it down. */
internal fun FlowOrPhrasingContent.countdown(end: Instant, now: Instant) {
    time("countdown") {
        dateTime = end.toString()
        attributes["data-countdown"] = ""
        +left(Duration.between(now, end))
    }
}

/** The same words as the script's. */
internal fun left(duration: Duration): String = when {
    duration.isNegative || duration.isZero -> "time is over"
    duration.toDays() >= 2 -> "${duration.toDays()} days left"
    duration.toHours() >= 1 -> "${duration.toHours()} h ${duration.toMinutesPart()} min left"
    duration.toMinutes() >= 1 -> "${duration.toMinutes()} min ${duration.toSecondsPart()} s left"
    else -> "${duration.toSeconds()} s left"
}

private val written = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
