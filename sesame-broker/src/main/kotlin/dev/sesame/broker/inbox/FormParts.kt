package dev.sesame.broker.inbox

import kotlinx.html.FORM
import kotlinx.html.FlowContent
import kotlinx.html.InputType
import kotlinx.html.P
import kotlinx.html.id
import kotlinx.html.input
import kotlinx.html.p

internal fun FORM.hidden(name: String, text: String) {
    input(type = InputType.hidden, name = name) { value = text }
}

/** Why a form wasn't taken. */
internal fun FlowContent.alert(id: String? = null, words: P.() -> Unit) {
    p("refused") {
        id?.let { this.id = it }
        attributes["role"] = "alert"
        words()
    }
}

internal fun FlowContent.alert(id: String?, sentence: String) = alert(id) { visible(sentence) }
