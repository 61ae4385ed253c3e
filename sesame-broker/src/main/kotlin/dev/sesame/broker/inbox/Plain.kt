package dev.sesame.broker.inbox

import io.ktor.http.HttpStatusCode
import kotlinx.html.ButtonType
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.InputType
import kotlinx.html.button
import kotlinx.html.code
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.input
import kotlinx.html.p
import kotlinx.html.section

/** A page of a heading and a sentence. */
internal fun FlowContent.nothing(heading: String, sentence: String) {
    section("sheet narrow") {
        h1 { +heading }
        p { +sentence }
    }
}

/** What stands where only those who are signed in may read. */
internal fun signInFirst() = Page("Sign in", HttpStatusCode.Unauthorized, asksToSignIn = true) {
    section("sheet narrow") {
        h1 { +"You are not signed in" }
        signInHint()
    }
}

internal fun FlowContent.signInHint() {
    p { +"Open a sign-in link on this device, then come back. An admin makes one with:" }
    p { code { +"./sesame approvers link NAME" } }
}

/** A form of one button, sent to [path]. */
internal fun FlowContent.buttonForm(path: String, visitor: Visitor, text: String, classes: String = "plain", name: String? = null) {
    form(action = path, method = FormMethod.post) {
        input(type = InputType.hidden, name = Forms.TOKEN) { value = visitor.formToken }
        button(type = ButtonType.submit, classes = classes) {
            name?.let { attributes["aria-label"] = it }
            +text
        }
    }
}
