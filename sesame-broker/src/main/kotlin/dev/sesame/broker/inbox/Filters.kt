package dev.sesame.broker.inbox

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.broker.access.Ids
import dev.sesame.broker.approval.Wanted
import dev.sesame.broker.store.Position
import io.ktor.http.Parameters
import io.ktor.http.encodeURLParameter
import kotlinx.html.ButtonType
import kotlinx.html.DIV
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.InputType
import kotlinx.html.button
import kotlinx.html.details
import kotlinx.html.div
import kotlinx.html.form
import kotlinx.html.id
import kotlinx.html.input
import kotlinx.html.label
import kotlinx.html.option
import kotlinx.html.role
import kotlinx.html.select
import kotlinx.html.summary

/** Which list a visitor asked for; what its address says wrongly is as if it weren't said. */
internal class AskedList private constructor(val show: String, val wanted: Wanted, val olderThan: Position?) {
    val heading: String
        get() = when (show) {
            "pending" -> "Pending"
            UNKNOWN -> "Outcome unknown"
            else -> "History"
        }
    val isNarrowed: Boolean get() = listOf(wanted.action, wanted.requester, wanted.text).any { it.isNotEmpty() }

    /** Where the list goes on after [position]. */
    fun next(position: Position): String {
        val fields = listOf("show" to show, "action" to wanted.action, "requester" to wanted.requester, "text" to wanted.text)
        return "/inbox?" + (fields.filter { it.second.isNotEmpty() } + ("after" to position.inAddress()))
            .joinToString("&") { (name, value) -> "$name=${value.encodeURLParameter()}" }
    }

    companion object {
        private const val LONGEST = 200

        /** Those of which nobody knows whether they ran. */
        const val UNKNOWN = "unknown"

        fun of(query: Parameters): AskedList {
            fun text(name: String) = query[name].orEmpty().trim().take(LONGEST)
            val show = text("show").takeIf { it in shown } ?: "pending"
            val execution = ExecutionState.UNKNOWN.takeIf { show == UNKNOWN }
            val status = if (execution == null) ApprovalStatus.of(show).takeIf { show != "decided" } else ApprovalStatus.APPROVED
            val wanted = Wanted(status, text("action"), text("requester"), text("text"), execution)
            return AskedList(show, wanted, placeIn(text("after"), Ids::isApproval))
        }
    }
}

private val shown = mapOf(
    "pending" to "Pending",
    "decided" to "Decided",
    "approved" to "Approved",
    "denied" to "Denied",
    "expired" to "Expired",
    "cancelled" to "Cancelled",
    AskedList.UNKNOWN to "Approved, outcome unknown",
)

internal fun FlowContent.filters(asked: AskedList, path: String) {
    form(action = path, method = FormMethod.get, classes = "filters") {
        role = "search"
        label("unseen") {
            htmlFor = "search"
            +"Search"
        }
        div("line") {
            input(type = InputType.search, name = "text") {
                id = "search"
                value = asked.wanted.text
                placeholder = "Search"
            }
            button(type = ButtonType.submit, classes = "plain") { +"Find" }
        }
        details {
            open = asked.wanted.action.isNotEmpty() || asked.wanted.requester.isNotEmpty()
            summary { +"Filter" }
            div("fields") {
                statusField(asked)
                textField("action", "Action", asked.wanted.action)
                textField("requester", "Requester", asked.wanted.requester)
            }
        }
    }
}

private fun DIV.statusField(asked: AskedList) {
    label {
        +"Status"
        select {
            name = "show"
            shown.forEach { (word, label) ->
                option {
                    value = word
                    selected = asked.show == word
                    +label
                }
            }
        }
    }
}

private fun DIV.textField(field: String, title: String, text: String) {
    label {
        +title
        input(type = InputType.text, name = field) { value = text }
    }
}
