package dev.sesame.broker.inbox

import dev.sesame.ExecutionState
import kotlinx.html.ButtonType
import kotlinx.html.FORM
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.InputType
import kotlinx.html.a
import kotlinx.html.button
import kotlinx.html.details
import kotlinx.html.div
import kotlinx.html.fieldSet
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.id
import kotlinx.html.input
import kotlinx.html.label
import kotlinx.html.legend
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.span
import kotlinx.html.strong
import kotlinx.html.summary
import kotlinx.html.textArea
import kotlinx.html.ul

/** What an admin says of a run that ended without a word. */
internal class Settling(val outcome: ExecutionState, val detail: String?)

/** It can't be taken as it is; what was said comes back with the reason. */
internal class RefusedSettling(val why: String, val outcome: String, val detail: String)

/** The form, for admins alone. Sending it settles nothing: what it would do is shown first. */
internal fun FlowContent.settling(seen: SeenRequest) {
    if (!seen.maySettle) return
    val refused = seen.returned.settling
    details("act") {
        id = "settle"
        open = refused != null
        summary { +"Say what happened" }
        form(action = seen.paths("/approvals/${seen.record.id}/settle"), method = FormMethod.post, classes = "entry") {
            hidden(Forms.TOKEN, seen.visitor.formToken)
            hidden(StepUp.SEEN, StepUp.seen(seen.record))
            refused?.let { alert("settle-wrong", it.why) }
            fieldSet {
                legend { +"You looked, and found" }
                outcome(ExecutionState.SUCCEEDED, "It ran", "it doesn't run again", refused)
                outcome(ExecutionState.FAILED, "It did nothing", "it may be run again", refused)
            }
            detail(refused?.detail.orEmpty())
            button(type = ButtonType.submit, classes = "main") { +"Go on" }
        }
    }
}

private fun kotlinx.html.FIELDSET.outcome(state: ExecutionState, words: String, means: String, refused: RefusedSettling?) {
    label("choice") {
        input(type = InputType.radio, name = "outcome") {
            value = state.value
            required = true
            checked = refused?.outcome == state.value
        }
        span {
            strong { +words }
            +": $means"
        }
    }
}

private fun FORM.detail(text: String) {
    div("labelled") {
        label {
            htmlFor = "detail"
            +"How you know, for the record"
        }
        textArea(rows = "2") {
            id = "detail"
            name = "detail"
            attributes["maxlength"] = "1000"
            +text
        }
    }
}

/** What it would do, and the button that does it. */
internal fun FlowContent.settlingReview(seen: SeenRequest, settling: Settling) {
    val path = seen.paths("/approvals/${seen.record.id}")
    val hasRun = settling.outcome == ExecutionState.SUCCEEDED
    section("sheet") {
        h1 { +if (hasRun) "Say that it ran?" else "Say that it did nothing?" }
        p { visible(seen.question.summary) }
        ul("means") { (if (hasRun) ranMeans else failedMeans).forEach { li { +it } } }
        settling.detail?.let { long(it, "note") }
        form(action = "$path/settle/confirmed", method = FormMethod.post, classes = "entry") {
            id = "answer"
            hidden(Forms.TOKEN, seen.visitor.formToken)
            hidden(StepUp.SEEN, StepUp.seen(seen.record))
            hidden("outcome", settling.outcome.value)
            hidden("detail", settling.detail.orEmpty())
            div("pair") {
                a(href = path, classes = "plain") { +"Leave it unknown" }
                button(type = ButtonType.submit, classes = if (hasRun) "plain" else "plain danger") {
                    +if (hasRun) "Yes, it ran" else "Yes, it did nothing"
                }
            }
        }
    }
}

private val ranMeans = listOf(
    "Succeeded: it never runs again under this approval.",
    "If it didn't run after all, it has to be asked anew, under another key.",
)

private val failedMeans = listOf(
    "Failed: it may be run again, without asking anybody, for as long as the approval is valid.",
    "If it did run after all, it then happens twice.",
)
