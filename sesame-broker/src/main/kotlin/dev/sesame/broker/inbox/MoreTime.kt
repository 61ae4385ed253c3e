package dev.sesame.broker.inbox

import dev.sesame.rules.MOST_EXTENSIONS
import dev.sesame.rules.isExtendedOut
import dev.sesame.rules.latestExpiry
import kotlinx.html.ButtonType
import kotlinx.html.FORM
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.button
import kotlinx.html.details
import kotlinx.html.form
import kotlinx.html.id
import kotlinx.html.label
import kotlinx.html.option
import kotlinx.html.p
import kotlinx.html.select
import kotlinx.html.summary
import java.time.Duration
import java.time.Instant

/** How much later it may expire, as far as it may: each says until when, so that a second tap adds nothing to the first. */
internal fun FlowContent.moreTime(seen: SeenRequest) {
    if (!seen.mayExtend) return
    val choices = choices(seen)
    details("act") {
        id = "more-time"
        open = seen.returned.time != null
        summary { +"Give it more time" }
        seen.returned.time?.let { alert("until-wrong", it) }
        if (choices.isEmpty()) return@details p("quiet") { +whyNone(seen) }
        form(action = seen.paths("/approvals/${seen.record.id}/extend"), method = FormMethod.post, classes = "entry") {
            hidden(Forms.TOKEN, seen.visitor.formToken)
            select(choices)
            button(type = ButtonType.submit, classes = "main") { +"Give more time" }
            p("quiet") { +"Who waits goes on waiting, and everybody sees that you did this. It can't be taken back." }
        }
    }
}

private fun FORM.select(choices: List<Pair<String, Instant>>) {
    label {
        htmlFor = "until"
        +"How much more"
    }
    select {
        id = "until"
        name = "until"
        choices.forEach { (words, until) ->
            option {
                value = "$until"
                +words
            }
        }
    }
}

private fun choices(seen: SeenRequest): List<Pair<String, Instant>> {
    if (seen.record.progress.isExtendedOut) return emptyList()
    val (now, latest) = seen.question.expiresAt to seen.record.latestExpiry(seen.extendWithin)
    val within = lengths.map { (words, length) -> words to now + length }.filter { it.second <= latest }
    return when {
        within.isNotEmpty() -> within
        latest > now -> listOf("As much as there may be, ${inWords(Duration.between(now, latest))}" to latest)
        else -> emptyList()
    }
}

private fun whyNone(seen: SeenRequest): String = when {
    seen.extendWithin.isZero -> "This broker gives no request more time."
    seen.record.progress.isExtendedOut -> "It was given more time $MOST_EXTENSIONS times already, and that is the most."
    else -> "It may be open for ${inWords(longest(seen))} after the asking at most, and that is used up."
}

/** By the broker's bound or the policy's rule, whichever is nearer. */
private fun longest(seen: SeenRequest) = Duration.between(seen.question.createdAt, seen.record.latestExpiry(seen.extendWithin))

private fun inWords(length: Duration): String = when {
    length >= Duration.ofDays(2) -> "${length.toDays()} days"
    length >= Duration.ofHours(2) -> "${length.toHours()} hours"
    length >= Duration.ofMinutes(2) -> "${length.toMinutes()} minutes"
    else -> "${length.toSeconds()} seconds"
}

private val lengths = listOf(
    "1 hour more" to Duration.ofHours(1),
    "4 hours more" to Duration.ofHours(4),
    "1 day more" to Duration.ofDays(1),
    "3 days more" to Duration.ofDays(3),
)
