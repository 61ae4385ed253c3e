package dev.sesame.broker.inbox

import dev.sesame.Answer
import kotlinx.html.ButtonType
import kotlinx.html.FORM
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.a
import kotlinx.html.article
import kotlinx.html.button
import kotlinx.html.code
import kotlinx.html.div
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.p
import kotlinx.html.section

/** What would be approved in place of what was asked, to look at once more; its button approves it. [refused] says why it didn't. */
internal fun FlowContent.editReview(seen: SeenRequest, edit: GivenEdit, note: String, refused: String?) {
    article("request") {
        p("crumb") { a(href = seen.paths("/approvals/${seen.record.id}")) { +"The request" } }
        div("headline") {
            h1 { +"Approve with changes" }
            countdown(seen.question.expiresAt, seen.now)
        }
        section("theirs") {
            attributes["aria-labelledby"] = "theirs-title"
            h2("label") {
                id = "theirs-title"
                +"Written by "
                visible(seen.question.requesterLabel)
            }
            div("quoted") {
                p("asked") { visible(seen.question.summary) }
                fact("Action") { code { visible(seen.question.action) } }
            }
        }
        section("standing") {
            id = "changes"
            h2 { +"Your changes" }
            if (edit.edits.isEmpty()) {
                p { +"You changed nothing: this approves it as it was asked." }
            } else {
                changes(edit.edits, "You approve")
            }
        }
        section("answer weighty") {
            attributes["aria-labelledby"] = "answer-title"
            h2("unseen") {
                id = "answer-title"
                +"Your answer"
            }
            approval(seen, edit, note, refused)
        }
    }
}

private fun FlowContent.approval(seen: SeenRequest, edit: GivenEdit, note: String, refused: String?) {
    val path = seen.paths("/approvals/${seen.record.id}/edit")
    form(action = "$path/answer", method = FormMethod.post) {
        id = "answer"
        if (seen.confirmation == Confirmation.PASSKEY) {
            attributes["data-passkey"] = "approve"
            attributes["data-options"] = "$path/options"
        }
        hidden(Forms.TOKEN, seen.visitor.formToken)
        hidden(StepUp.SEEN, StepUp.seen(seen.record))
        hidden(EditPages.ASKED, seen.question.requestHash)
        hidden(EditPages.APPROVES, edit.hash)
        hidden(EditPages.CHANGED, "${edit.changed}")
        refused?.let { alert(null, it) }
        why(note, emptyList())
        confirmation(seen)
        buttons(path, if (edit.edits.isEmpty()) "Approve" else "Approve these changes")
        p("final") { +"An answer can't be undone." }
    }
}

private fun FORM.buttons(path: String, approve: String) {
    div("buttons") {
        button(type = ButtonType.submit, classes = "again") {
            id = "again"
            attributes["formaction"] = path
            attributes["formnovalidate"] = ""
            +"Change it again"
        }
        button(type = ButtonType.submit, name = "decision", classes = "approve") {
            id = "approve"
            value = Answer.APPROVE.value
            +approve
        }
    }
}
