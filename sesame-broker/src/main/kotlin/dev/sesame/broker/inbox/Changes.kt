package dev.sesame.broker.inbox

import dev.sesame.Edit
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.edits
import dev.sesame.rules.ApprovalRecord
import kotlinx.html.DIV
import kotlinx.html.FlowContent
import kotlinx.html.UL
import kotlinx.html.div
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.span
import kotlinx.html.ul
import kotlinx.serialization.json.JsonElement

/** What its approver changed before approving it. */
@OptIn(InternalSesameApi::class)
internal val ApprovalRecord.edits: List<Edit>
    get() = progress.decision?.editedContext?.let { edits(question.context, it) }.orEmpty()

/** Each field with its value as asked and as it is [approved], said in words as well as by line and colour. */
internal fun FlowContent.changes(edits: List<Edit>, approved: String = "Approved") {
    ul("changes") { edits.forEach { change(it, approved) } }
}

private fun UL.change(edit: Edit, approved: String) {
    li {
        p("name") { visible(edit.field) }
        div("was") { side("Asked", "deletion", edit.before) }
        div("now") { side(approved, "insertion", edit.after) }
    }
}

private fun DIV.side(word: String, role: String, value: JsonElement?) {
    span("word") { +word }
    div("value") {
        attributes["role"] = role
        if (value != null) anyValue(value)
    }
}
