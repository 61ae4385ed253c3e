package dev.sesame.broker.inbox.admin

import kotlinx.html.ButtonType
import kotlinx.html.FlowContent
import kotlinx.html.a
import kotlinx.html.button
import kotlinx.html.code
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.id
import kotlinx.html.p
import kotlinx.html.section

/** The one page that shows [secret]: the answer to the form that made it. It stands in no address, and no later page holds it. */
internal fun FlowContent.shownOnce(
    visit: Visit,
    heading: String,
    secret: String,
    what: String,
    back: String,
    more: FlowContent.() -> Unit = {},
) {
    h1 { +heading }
    section("sheet once") {
        p { +what }
        div("secret") {
            code {
                id = "secret"
                attributes["data-secret"] = ""
                +secret
            }
            button(type = ButtonType.button, classes = "plain") {
                attributes["data-copy"] = "secret"
                attributes["hidden"] = ""
                +"Copy"
            }
        }
        p("standing") { +"This is the only time that it is shown. Keep it before you leave this page." }
        more()
    }
    a(href = visit.path(back), classes = "plain more") {
        attributes["data-belongs"] = ""
        +"Done"
    }
}
