package dev.sesame.broker.inbox.admin

import dev.sesame.broker.inbox.Forms
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.text.shown
import kotlinx.html.ButtonType
import kotlinx.html.DIV
import kotlinx.html.FORM
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.HTMLTag
import kotlinx.html.InputType
import kotlinx.html.button
import kotlinx.html.div
import kotlinx.html.form
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.input
import kotlinx.html.label
import kotlinx.html.option
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.select

/** A form under its heading, sent to [path] with one button. */
internal fun FlowContent.sheetForm(visit: Visit, heading: String, path: String, button: String, fields: FORM.() -> Unit) {
    section("sheet") {
        h2 { +heading }
        form(action = visit.path(path), method = FormMethod.post, classes = "entry") {
            hiddenField(Forms.TOKEN, visit.visitor.formToken)
            fields()
            button(type = ButtonType.submit, classes = "main") { +button }
        }
    }
}

internal fun FORM.hiddenField(name: String, text: String) {
    input(type = InputType.hidden, name = name) { value = text }
}

/** A line to type in; what was wrong with it stands below it, and names it. */
internal fun FORM.textField(field: String, title: String, typed: Typed, hint: String, type: InputType = InputType.text) {
    labelled(field, title, typed, hint) { describe ->
        input(type = type, name = field) {
            id = field
            value = typed[field]
            required = true
            autoComplete = "off"
            attributes["autocapitalize"] = "none"
            attributes["spellcheck"] = "false"
            describe(this)
        }
    }
}

/** One of [choices], each a word with what is shown for it; [chosen] where nothing was typed yet. */
internal fun FORM.choiceField(
    field: String,
    title: String,
    typed: Typed,
    hint: String,
    choices: List<Pair<String, String>>,
    chosen: String? = null,
) {
    labelled(field, title, typed, hint) { describe ->
        select {
            id = field
            name = field
            describe(this)
            choices.forEach { (word, text) ->
                option {
                    value = word
                    selected = word == typed[field].ifEmpty { chosen }
                    +shown(text)
                }
            }
        }
    }
}

private fun FORM.labelled(field: String, title: String, typed: Typed, hint: String, control: DIV.(HTMLTag.() -> Unit) -> Unit) {
    val wrong = typed.wrongWith(field)
    div("labelled") {
        label {
            htmlFor = field
            +title
        }
        control {
            attributes["aria-describedby"] = if (wrong == null) "$field-hint" else "$field-wrong $field-hint"
            if (wrong != null) {
                attributes["aria-invalid"] = "true"
                attributes["autofocus"] = ""
            }
        }
        if (wrong != null) {
            p("refused") {
                id = "$field-wrong"
                attributes["role"] = "alert"
                visible(wrong.asSentence(title))
            }
        }
        p("quiet") {
            id = "$field-hint"
            +hint
        }
    }
}

/** As it stands below its field. */
private fun Wrong.asSentence(title: String): String =
    (if (isSentence) words.replaceFirstChar { it.uppercase() } else "$title $words").trimEnd('.') + ". Nothing was changed."
