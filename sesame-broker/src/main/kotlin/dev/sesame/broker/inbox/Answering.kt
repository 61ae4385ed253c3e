package dev.sesame.broker.inbox

import dev.sesame.Answer
import io.ktor.http.Parameters
import kotlinx.html.ButtonType
import kotlinx.html.DIV
import kotlinx.html.FORM
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.InputType
import kotlinx.html.button
import kotlinx.html.details
import kotlinx.html.div
import kotlinx.html.fieldSet
import kotlinx.html.form
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.input
import kotlinx.html.label
import kotlinx.html.legend
import kotlinx.html.noScript
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.span
import kotlinx.html.strong
import kotlinx.html.summary
import kotlinx.html.textArea

/** What an answer's form says. */
internal sealed interface ReadAnswer

internal class GivenAnswer(val answer: Answer, val note: String?) : ReadAnswer

/** It can't be taken as it is; what was typed comes back with the reason. */
internal class RefusedAnswer(val why: String, val note: String) : ReadAnswer

internal fun readAnswer(fields: Parameters, isTyped: Boolean, reasons: List<String>): ReadAnswer {
    val own = fields["note"].orEmpty().replace("\r\n", "\n").trim()
    val answer = fields["decision"].orEmpty()
    val reason = fields["reason"].orEmpty().takeIf { answer == Answer.DENY.value && it in reasons }
    val note = listOfNotNull(reason, own.ifEmpty { null }).joinToString(": ").ifEmpty { null }
    return when {
        answer != Answer.APPROVE.value && answer != Answer.DENY.value -> RefusedAnswer("Choose Approve or Deny.", own)

        (note?.codePointCount(0, note.length) ?: 0) > LONGEST_NOTE ->
            RefusedAnswer("The note may have at most $LONGEST_NOTE characters, with the reason. Nothing was decided.", own)

        note != null && '\u0000' in note -> RefusedAnswer("The note holds a character that can't be kept. Nothing was decided.", own)

        answer == Answer.APPROVE.value && isTyped && !fields["confirm"].orEmpty().trim().equals(CONFIRMATION, ignoreCase = true) ->
            RefusedAnswer("Type $CONFIRMATION to approve a request of this risk. Nothing was decided.", own)

        else -> GivenAnswer(Answer.of(answer), note)
    }
}

/** The form, or why there is none. One tap answers, unless the risk asks for more. */
internal fun FlowContent.answering(seen: SeenRequest) {
    if (seen.isOwn) return p("standing") { +"You stand behind this requester: somebody else has to answer." }
    if (!seen.isAsked) return p("standing") { +"Others are asked: you are in none of these groups." }
    section("answer${if (seen.isWeighty) " weighty" else ""}") {
        id = "answering"
        answerForm(seen)
    }
}

private fun FlowContent.answerForm(seen: SeenRequest) {
    attributes["aria-labelledby"] = "answer-title"
    h2("unseen") {
        id = "answer-title"
        +"Your answer"
    }
    form(action = seen.paths("/approvals/${seen.record.id}/answer"), method = FormMethod.post) {
        id = "answer"
        if (seen.confirmation == Confirmation.PASSKEY) {
            attributes["data-passkey"] = "approve"
            attributes["data-options"] = seen.paths("/approvals/${seen.record.id}/answer/options")
        }
        hidden(Forms.TOKEN, seen.visitor.formToken)
        hidden(StepUp.SEEN, StepUp.seen(seen.record))
        if (seen.mayEdit) hidden(EditPages.ASKED, seen.question.requestHash)
        seen.returned.answer?.let { alert(null, it.why) }
        why(seen.returned.answer?.note ?: seen.returned.note, seen.denyReasons)
        confirmation(seen)
        div("buttons") { buttons() }
        p("final") { +"An answer can't be undone." }
    }
}

/** What approving takes besides its button. A page that is older than the request's last change gets no passkey asked. */
internal fun FORM.confirmation(seen: SeenRequest) {
    when (seen.confirmation) {
        Confirmation.NONE -> Unit
        Confirmation.TYPED -> typedConfirmation()
        Confirmation.PASSKEY -> passkeyConfirmation()
    }
}

private fun FORM.passkeyConfirmation() {
    p("confirmation") { +"This is a high risk. Approving it asks for your passkey." }
    passkeyFields()
    noScript { p("refused") { +"That takes script, which this browser has switched off. You can deny without." } }
}

private fun DIV.buttons() {
    button(type = ButtonType.submit, name = "decision", classes = "deny") {
        id = "deny"
        value = Answer.DENY.value
        attributes["formnovalidate"] = ""
        +"Deny"
    }
    button(type = ButtonType.submit, name = "decision", classes = "approve") {
        id = "approve"
        value = Answer.APPROVE.value
        +"Approve"
    }
}

internal fun FORM.why(note: String, reasons: List<String>) {
    details("why") {
        id = "why"
        open = note.isNotEmpty()
        summary { +if (reasons.isEmpty()) "Add a note" else "Add a note or a reason" }
        label {
            htmlFor = "note"
            +"Note, for the requester and the record"
        }
        textArea(rows = "2") {
            id = "note"
            name = "note"
            attributes["maxlength"] = "$LONGEST_NOTE"
            +note
        }
        if (reasons.isEmpty()) return@details
        fieldSet {
            legend { +"Reason, where you deny" }
            reasons.forEach { reason ->
                label("choice") {
                    input(type = InputType.radio, name = "reason") { value = reason }
                    span { +reason }
                }
            }
        }
    }
}

private fun FORM.typedConfirmation() {
    pressedByEnter()
    div("confirmation") {
        label {
            htmlFor = "confirm"
            +"This is a high risk. To approve, type "
            strong { +CONFIRMATION }
        }
        input(type = InputType.text, name = "confirm") {
            id = "confirm"
            required = true
            autoComplete = "off"
            attributes["autocapitalize"] = "none"
            attributes["spellcheck"] = "false"
        }
    }
}

/** What Enter in a field presses, being the first button: nothing, so that it neither approves nor denies. */
private fun FORM.pressedByEnter() {
    button(type = ButtonType.submit) {
        disabled = true
        attributes["hidden"] = ""
    }
}

private const val CONFIRMATION = "approve"
private const val LONGEST_NOTE = 4_000
