package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.longOrNull

internal fun auditCommand(): CoreCliktCommand = Noun("audit", "Everything that happened, each entry bound to all before it.").subcommands(
    VerifyAuditCommand(),
    ExportAuditCommand(),
    TailAuditCommand(),
)

/** The whole audit, for archives and for other programs. */
private class ExportAuditCommand : CoreCliktCommand(name = "export") {
    override fun help(context: Context) = "Prints every entry as a line of JSON, oldest first."

    private val connection by Connection()
    private val after by option(help = "Only entries with higher numbers: where the last export ended").int().restrictTo(min = 0).default(0)

    override fun run() {
        var last = after.toLong()
        do {
            val entries = connection.audit(last, PAGE).objects("entries")
            entries.forEach { echo(it.toString()) }
            last = entries.lastOrNull()?.seq() ?: last
        } while (entries.size == PAGE)
    }
}

/** The newest of it, for people. */
private class TailAuditCommand : CoreCliktCommand(name = "tail") {
    override fun help(context: Context) = "Lists the newest entries."

    private val connection by Connection()
    private val limit by option(help = "How many; default: 20").int().restrictTo(1..PAGE).default(20)
    private val json by option(help = "For scripts, with the head and the newest checkpoint").flag()

    override fun run() {
        val length = (connection.audit(0, 1)["length"] as? JsonPrimitive)?.longOrNull ?: 0
        val answer = connection.audit(maxOf(0, length - limit), limit)
        if (json) echoJson(answer) else echoTable(answer.objects("entries"), listOf("seq", "at", "fact", "approval_id"))
    }
}

private fun Connection.audit(after: Long, limit: Int): JsonObject = get("/v1/admin/audit?after=$after&limit=$limit")

private fun JsonObject.seq(): Long? = (this["seq"] as? JsonPrimitive)?.longOrNull

private const val PAGE = 100
