package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.choice
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What an approver may decide, and what became of it. */
internal class ListCommand : CoreCliktCommand(name = "list") {
    override fun help(context: Context) = "Lists requests, newest first, and says where there are more."

    private val connection by Connection()
    private val status by option(help = "Only these").choice("pending", "approved", "denied", "expired", "cancelled")
    private val execution by option(help = "Only those whose run stands so").choice("claimed", "succeeded", "failed", "unknown")
    private val limit by option(help = "How many at most; default: $USUAL").int().restrictTo(1..MOST).default(USUAL)
    private val json by option(help = "The documents, for scripts; next_cursor is null where these are all").flag()

    override fun run() {
        val found = newest()
        if (json) return echoJson(found)
        echoTable(
            found.approvals().map(::withRun),
            listOf("approval_id", "status", "run", "action", "summary", "requester_label", "created_at"),
        )
        if (found.text("next_cursor").isNotEmpty()) echo("… and older ones: these are the newest $limit; see more with --limit")
    }

    /** With how far its run got, where it has one, for a column of its own. */
    private fun withRun(approval: JsonObject) =
        JsonObject(approval + ("run" to JsonPrimitive((approval["execution"] as? JsonObject)?.text("state").orEmpty())))

    /** As many as wanted, page by page, in the shape of one page. */
    private fun newest(): JsonObject {
        val approvals = mutableListOf<JsonElement>()
        var cursor: String? = null
        do {
            val page = connection.get(path(limit - approvals.size, cursor))
            approvals += page.approvals()
            // The same place again would be no broker's, and without an end.
            cursor = page.text("next_cursor").ifEmpty { null }.takeIf { it != cursor }
        } while (cursor != null && approvals.size < limit)
        // A full page may be the last one all the same; of a run's state a page tells nothing about the next.
        if (cursor != null && execution == null && connection.get(path(1, cursor)).approvals().isEmpty()) cursor = null
        return JsonObject(mapOf("approvals" to JsonArray(approvals), "next_cursor" to (cursor?.let(::JsonPrimitive) ?: JsonNull)))
    }

    private fun path(wanted: Int, cursor: String?): String = "/v1/inbox?limit=${minOf(wanted, LARGEST_PAGE)}" +
        status?.let { "&status=$it" }.orEmpty() +
        execution?.let { "&execution=$it" }.orEmpty() +
        cursor?.let { "&cursor=$it" }.orEmpty()

    private companion object {
        const val USUAL = 100
        const val LARGEST_PAGE = 100

        /** All are held in memory to align the columns. */
        const val MOST = 10_000
    }
}
