package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.CoreCliktCommand
import dev.sesame.broker.text.shown
import kotlinx.serialization.json.JsonArray
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

private const val WIDEST_CELL = 60
