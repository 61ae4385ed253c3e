package dev.sesame.broker.inbox

import dev.sesame.rules.erased
import kotlinx.html.FlowContent
import kotlinx.html.code
import kotlinx.html.details
import kotlinx.html.div
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.p
import kotlinx.html.pre
import kotlinx.html.section
import kotlinx.html.span
import kotlinx.html.strong
import kotlinx.html.summary
import kotlinx.serialization.json.Json

/** What the requester wrote, all of it as text, in a frame that says so: nothing in it can look like a part of the page. */
internal fun FlowContent.theirs(seen: SeenRequest) {
    val question = seen.question
    section("theirs") {
        attributes["aria-labelledby"] = "theirs-title"
        h2("label") {
            id = "theirs-title"
            +"Written by "
            visible(question.requesterLabel)
        }
        div("quoted") {
            p("asked") { visible(question.summary) }
            question.reason?.let { long(it, "reason") }
            div("facts") {
                fact("Action") { code { visible(question.action) } }
                question.requestedBy?.let { fact("On behalf of") { visible(it) } }
                question.riskScore?.let { fact("Risk") { risk(it) } }
            }
            if (question.context.isNotEmpty()) {
                contextTable(question.context)
                details("raw") {
                    summary { +"Raw JSON" }
                    pre { visible(pretty.encodeToString(question.context), inLines = true) }
                }
            }
        }
    }
    hidden(seen)
}

/** In our own words, outside the frame: inside it a requester may write the same. */
private fun FlowContent.hidden(seen: SeenRequest) {
    val erased = seen.hidden.filter { it in seen.question.erased }
    val ruled = seen.hidden - erased.toSet()
    if (ruled.isNotEmpty()) {
        p("quiet") {
            +"Hidden by the rule “"
            visible(seen.question.rule.orEmpty())
            +"”: "
            visible(ruled.joinToString())
        }
    }
    if (erased.isNotEmpty()) {
        p("quiet") {
            +"Erased since it was over: "
            visible(erased.joinToString())
        }
    }
}

internal fun FlowContent.fact(name: String, value: FlowContent.() -> Unit) {
    div("fact") {
        span("name") { +name }
        div("value") { value() }
    }
}

/** A word for the eye, the number for who compares. */
internal fun FlowContent.risk(score: Double) {
    val (word, grade) = when {
        score >= HIGH -> "high" to "high"
        score >= MIDDLE -> "medium" to "middle"
        else -> "low" to "low"
    }
    strong("risk $grade") { +word }
    +" ($score)"
}

/** A text of any length: its beginning, and the rest on demand. */
internal fun FlowContent.long(text: String, classes: String = "") {
    val beginning = text.lineSequence().take(MOST_LINES).joinToString("\n").take(MOST_CHARACTERS)
    if (beginning.length == text.length) return div("text $classes") { visible(text, inLines = true) }
    div("long $classes") {
        div("text beginning") {
            visible(beginning.trimCutPair(), inLines = true)
            +"…"
        }
        details {
            summary { +"Show all (${text.codePointCount(0, text.length)} characters)" }
            div("text") { visible(text, inLines = true) }
        }
    }
}

/** Not half of a character. */
private fun String.trimCutPair(): String = if (isNotEmpty() && last().isHighSurrogate()) dropLast(1) else this

private val pretty = Json { prettyPrint = true }
private const val MOST_CHARACTERS = 400
private const val MOST_LINES = 8
private const val HIGH = 0.8
private const val MIDDLE = 0.4
