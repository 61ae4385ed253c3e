package dev.sesame.broker.inbox

import dev.sesame.rules.REDACTED
import kotlinx.html.FlowContent
import kotlinx.html.TBODY
import kotlinx.html.details
import kotlinx.html.pre
import kotlinx.html.span
import kotlinx.html.summary
import kotlinx.html.table
import kotlinx.html.tbody
import kotlinx.html.td
import kotlinx.html.th
import kotlinx.html.tr
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** [context] as a table; what is nested folds, what is long is cut, and nothing is left out. */
internal fun FlowContent.contextTable(context: JsonObject) {
    fields(context.entries.map { it.key to it.value }, 1, "Context")
}

/** The roles are said, since a narrow screen shows it as lines, and browsers would take it for no table then. */
private fun FlowContent.fields(entries: List<Pair<String, JsonElement>>, depth: Int, name: String? = null) {
    table("context") {
        attributes["role"] = "table"
        name?.let { attributes["aria-label"] = it }
        tbody {
            attributes["role"] = "rowgroup"
            rows(entries, depth)
        }
    }
}

private fun TBODY.rows(entries: List<Pair<String, JsonElement>>, depth: Int) {
    entries.take(MOST_ROWS).forEach { (name, value) -> row(name, value, depth) }
    val rest = entries.drop(MOST_ROWS)
    if (rest.isEmpty()) return
    whole {
        details {
            summary { +"Show all (${rest.size} more)" }
            fields(rest, depth)
        }
    }
}

/** What is nested has the whole width: on a phone a column of a column holds nothing. */
private fun TBODY.row(name: String, value: JsonElement, depth: Int) {
    when (value) {
        is JsonObject if value.isNotEmpty() -> whole { nested(name, value.entries.map { it.key to it.value }, "field", value, depth) }

        is JsonArray if value.isNotEmpty() ->
            whole { nested(name, value.mapIndexed { index, item -> "${index + 1}" to item }, "item", value, depth) }

        else -> tr {
            attributes["role"] = "row"
            th {
                attributes["role"] = "rowheader"
                attributes["scope"] = "row"
                visible(name)
            }
            td {
                attributes["role"] = "cell"
                value(value)
            }
        }
    }
}

private fun TBODY.whole(content: FlowContent.() -> Unit) {
    tr {
        attributes["role"] = "row"
        td("whole") {
            attributes["role"] = "cell"
            attributes["colspan"] = "2"
            content()
        }
    }
}

/** A value of any kind, all of it. */
internal fun FlowContent.anyValue(value: JsonElement) {
    val isNested = (value is JsonObject && value.isNotEmpty()) || (value is JsonArray && value.isNotEmpty())
    if (isNested) pre { visible(pretty.encodeToString(value), inLines = true) } else value(value)
}

private fun FlowContent.value(value: JsonElement) {
    when (value) {
        // The very same: a requester may write the word, too.
        is JsonPrimitive if value === REDACTED -> span("kind") { +"hidden" }

        is JsonNull -> span("kind") { +"null" }

        is JsonPrimitive -> if (value.isString) string(value.content) else span("number") { visible(value.content) }

        is JsonObject -> span("kind") { +"no fields" }

        is JsonArray -> span("kind") { +"no items" }
    }
}

private fun FlowContent.string(text: String) {
    if (text.isEmpty()) span("kind") { +"empty text" } else long(text)
}

private fun FlowContent.nested(name: String, entries: List<Pair<String, JsonElement>>, noun: String, all: JsonElement, depth: Int) {
    details("nested") {
        open = depth == 1 && entries.size <= MOST_UNFOLDED
        summary {
            span("name") { visible(name) }
            +" ${entries.size} $noun${if (entries.size == 1) "" else "s"}"
        }
        if (depth >= DEEPEST_TABLE) {
            pre { visible(pretty.encodeToString(all), inLines = true) }
        } else {
            fields(entries, depth + 1)
        }
    }
}

private val pretty = Json { prettyPrint = true }

/** More in one table nobody reads without looking for something. */
private const val MOST_ROWS = 50
private const val MOST_UNFOLDED = 6

/** A phone has no room for more columns. */
private const val DEEPEST_TABLE = 4
