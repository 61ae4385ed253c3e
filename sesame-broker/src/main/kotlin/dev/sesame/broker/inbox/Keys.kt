package dev.sesame.broker.inbox

import kotlinx.html.ButtonType
import kotlinx.html.FlowContent
import kotlinx.html.button
import kotlinx.html.dialog
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.kbd
import kotlinx.html.table
import kotlinx.html.tbody
import kotlinx.html.td
import kotlinx.html.th
import kotlinx.html.tr

/** What the keys do; `?` opens it. */
internal fun FlowContent.keys() {
    dialog {
        id = "keys"
        attributes["aria-labelledby"] = "keys-title"
        h2 {
            id = "keys-title"
            +"Keys"
        }
        table {
            tbody {
                keys.forEach { (key, does) ->
                    tr {
                        th {
                            attributes["scope"] = "row"
                            kbd { +key }
                        }
                        td { +does }
                    }
                }
            }
        }
        button(type = ButtonType.button, classes = "plain") {
            id = "keys-close"
            +"Close"
        }
    }
}

private val keys = listOf(
    "j" to "next request",
    "k" to "previous request",
    "Enter" to "open it, or press the button that has the focus",
    "a" to "go to Approve; Enter then approves",
    "d" to "go to Deny; Enter then denies",
    "/" to "search",
    "u" to "back to the list",
    "?" to "this list",
    "Esc" to "close this list",
)
