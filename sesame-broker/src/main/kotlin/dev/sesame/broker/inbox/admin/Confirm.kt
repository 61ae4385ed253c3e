package dev.sesame.broker.inbox.admin

import dev.sesame.broker.inbox.Forms
import dev.sesame.broker.inbox.visible
import io.ktor.http.HttpStatusCode
import kotlinx.html.ButtonType
import kotlinx.html.FormMethod
import kotlinx.html.a
import kotlinx.html.button
import kotlinx.html.div
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.ul

/** What is asked before something ends: what will [breaks], each in a sentence. */
internal class Confirm(val heading: String, val button: String, val path: String, val back: String, val breaks: List<String>)

/** Shows it; [refused] says why it couldn't be done. */
internal suspend fun Visit.ask(confirm: Confirm, refused: String? = null) {
    show(confirm.button, if (refused == null) HttpStatusCode.OK else HttpStatusCode.UnprocessableEntity) {
        section("sheet") {
            h1 { visible(confirm.heading) }
            refused?.let {
                p("refused") {
                    attributes["role"] = "alert"
                    visible(it.replaceFirstChar(Char::uppercase) + ". Nothing was changed.")
                }
            }
            ul("breaks") { confirm.breaks.forEach { li { visible(it) } } }
            div("choices") {
                a(href = path(confirm.back), classes = "plain") { +"Leave it as it is" }
                form(action = path(confirm.path), method = FormMethod.post) {
                    hiddenField(Forms.TOKEN, visitor.formToken)
                    button(type = ButtonType.submit, classes = "plain danger") { +confirm.button }
                }
            }
        }
    }
}
