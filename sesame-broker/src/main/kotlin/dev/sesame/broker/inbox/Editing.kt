package dev.sesame.broker.inbox

import kotlinx.html.ButtonType
import kotlinx.html.DIV
import kotlinx.html.FlowContent
import kotlinx.html.HTMLTag
import kotlinx.html.InputType
import kotlinx.html.button
import kotlinx.html.details
import kotlinx.html.div
import kotlinx.html.id
import kotlinx.html.input
import kotlinx.html.label
import kotlinx.html.option
import kotlinx.html.p
import kotlinx.html.select
import kotlinx.html.summary
import kotlinx.html.textArea

/**
 * The fields that may be changed before approving. Sending them decides nothing: the changes are shown once more. They belong to the answer's
 * form: whoever changes a field and then presses Approve must not approve what was asked.
 */
internal fun FlowContent.editing(seen: SeenRequest) {
    if (!seen.mayEdit) return
    val typed = seen.returned.edit
    details("act") {
        id = "edit"
        open = typed != null
        summary { +"Change it before you approve" }
        div("entry") {
            typed?.why?.let { alert("edit-why", "$it Nothing was decided.") }
            EditField.of(seen.question).forEach { field(it, typed) }
            button(type = ButtonType.submit, classes = "main") {
                id = "look"
                attributes["form"] = ANSWER
                attributes["formaction"] = seen.paths("/approvals/${seen.record.id}/edit")
                attributes["formnovalidate"] = ""
                +"Look at the changes"
            }
            p("quiet") { +"Nothing is decided yet: the next page shows what you would approve." }
        }
    }
}

private fun DIV.field(field: EditField, typed: TypedEdit?) {
    val wrong = typed?.wrong?.get(field.key)
    div("labelled") {
        label {
            htmlFor = field.key
            visible(field.name)
        }
        control(field, typed?.texts?.get(field.key) ?: field.written(field.asked)) {
            attributes["form"] = ANSWER
            if (wrong != null) {
                attributes["aria-invalid"] = "true"
                attributes["aria-describedby"] = "${field.key}-wrong"
                attributes["autofocus"] = ""
            }
        }
        if (wrong != null) {
            alert("${field.key}-wrong") {
                visible(field.name)
                +" "
                visible(wrong.trimEnd('.'))
                +". Nothing was decided."
            }
        }
    }
}

private fun DIV.control(field: EditField, text: String, describe: HTMLTag.() -> Unit) {
    when (field.typing) {
        Typing.LINE -> line(field, text, "text", describe)
        Typing.NUMBER -> line(field, text, "decimal", describe)
        Typing.LINES, Typing.JSON -> lines(field, text, describe)
        Typing.CHOICE -> choice(field, text, describe)
    }
}

/** Numbers too: what a browser makes of `type=number` is a double. */
private fun DIV.line(field: EditField, text: String, mode: String, describe: HTMLTag.() -> Unit) {
    input(type = InputType.text, name = field.key) {
        id = field.key
        value = text
        autoComplete = "off"
        attributes["inputmode"] = mode
        attributes["spellcheck"] = "false"
        describe()
    }
}

private fun DIV.lines(field: EditField, text: String, describe: HTMLTag.() -> Unit) {
    textArea(rows = "${(text.count { it == '\n' } + 2).coerceIn(FEWEST_ROWS, MOST_ROWS)}", classes = field.typing.name.lowercase()) {
        id = field.key
        name = field.key
        attributes["spellcheck"] = "false"
        describe()
        +"\n" // browsers leave out the first line break of what stands here
        +text
    }
}

private fun DIV.choice(field: EditField, text: String, describe: HTMLTag.() -> Unit) {
    select {
        id = field.key
        name = field.key
        describe()
        listOf("true", "false").forEach { word ->
            option {
                value = word
                selected = word == text
                +word
            }
        }
    }
}

private const val ANSWER = "answer"
private const val FEWEST_ROWS = 3
private const val MOST_ROWS = 16
