package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.CoreCliktCommand
import dev.sesame.broker.text.shown
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Rows of [items] with [columns], for a terminal. */
internal fun CoreCliktCommand.echoTable(items: List<JsonObject>, columns: List<String>) {
    if (items.isEmpty()) {
        echo("none")
        return
    }
    val rows = listOf(columns.map { it.replace('_', ' ').uppercase() }) + items.map { item -> columns.map { cell(item.words(it)) } }
    val widths = columns.indices.map { column -> rows.maxOf { it[column].length } }
    rows.forEach { row -> echo(row.mapIndexed { column, text -> text.padEnd(widths[column]) }.joinToString("  ").trimEnd()) }
}

/** Several are told with commas between. */
private fun JsonObject.words(name: String): String =
    (this[name] as? JsonArray)?.joinToString { (it as? JsonPrimitive)?.content ?: "…" } ?: text(name)

private fun cell(text: String): String = shown(text).let { if (it.length <= WIDEST_CELL) it else it.take(WIDEST_CELL - 1) + "…" }

/** One request as the human must see it: everything needed to decide, nothing that could imitate the rest. */
internal fun CoreCliktCommand.echoRequest(approval: JsonObject) {
    echo("")
    echo("  ${shown(approval.text("summary"))}")
    echo("  ${shown(approval.text("action"))}, asked by ${shown(approval.text("requester_label"))}${onBehalf(approval)}")
    if (approval.text("reason").isNotEmpty()) echo("  why: ${shown(approval.text("reason"))}")
    if (approval.text("risk_score").isNotEmpty()) echo("  risk: ${shown(approval.text("risk_score"))}")
    (approval["context"] as? JsonObject)?.forEach { (name, value) -> echo("  ${shown(name)} = ${shown(inline(value))}") }
    echo("  " + shown("${approval.text("approval_id")} is ${approval.text("status")}") + ending(approval))
    echo("")
}

private fun onBehalf(approval: JsonObject): String = approval.text("requested_by").let { if (it.isEmpty()) "" else " for ${shown(it)}" }

private fun ending(approval: JsonObject): String {
    val decision = approval["decision"] as? JsonObject ?: return ", open until ${shown(approval.text("expires_at"))}"
    val by = (decision["by"] as? JsonObject)?.let { " by ${shown(it.text("name"))}" }.orEmpty()
    val note = decision.text("note").let { if (it.isEmpty()) "" else " (${shown(it)})" }
    val run = (approval["execution"] as? JsonObject)?.let(::run).orEmpty()
    return "$by$note at ${shown(approval.text("decided_at"))}$run"
}

private fun run(execution: JsonObject): String {
    val at = listOf("ended_at", "claimed_at").map(execution::text).firstOrNull { it.isNotEmpty() }.orEmpty()
    val detail = execution.text("detail").let { if (it.isEmpty()) "" else " (${shown(it)})" }
    return ", run: ${shown("${execution.text("state")} at $at")}$detail"
}

private fun inline(value: JsonElement): String = when (value) {
    is JsonNull -> "null"
    is JsonPrimitive -> value.content
    is JsonArray, is JsonObject -> Json.encodeToString(value)
}

private const val WIDEST_CELL = 60
