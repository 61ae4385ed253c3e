package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import dev.sesame.broker.access.Ids
import dev.sesame.broker.text.shown
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Whom the broker told of a request, and what came of it. */
internal class NoticesCommand : CoreCliktCommand(name = "notices") {
    override fun help(context: Context) = "Lists what approvers were told of a request, and what became of each notice."

    private val connection by Connection()
    private val typed by argument("ID")
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val id = typed.takeIf(Ids::isApproval) ?: throw failure("not_found: ${shown(typed)} is no request's id")
        val answer = connection.get("/v1/approvals/$id/notices")
        if (json) return echoJson(answer)
        val rows = answer.objects("notices").map { notice ->
            JsonObject(notice + ("approver" to JsonPrimitive((notice["approver"] as? JsonObject)?.text("name").orEmpty())))
        }
        echoTable(rows, listOf("approver", "channel", "kind", "state", "next_at", "ended_at", "attempt_count", "detail"))
    }
}

/** A verb on one approver's Telegram account. */
internal abstract class TelegramCommand(name: String, private val help: String) : CoreCliktCommand(name) {
    protected val connection by Connection()
    protected val who by argument("ID|NAME")
    protected val json by option(help = "For scripts").flag()

    override fun help(context: Context) = help

    protected fun post(verb: String): JsonObject = connection.post("/v1/admin/approvers/${connection.idOf(who, "approvers")}/$verb")
}

internal class LinkTelegramCommand :
    TelegramCommand("link-telegram", "Makes a code, good for ten minutes and once, that links a Telegram account.") {
    override fun run() {
        val made = post("link-telegram")
        if (json) return echoJson(made)
        echo("${shown(who)} sends this to the bot, from the account to be linked, before ${made.text("expires_at")}:")
        echo("  ${made.text("command")}")
        if (made.text("url").isNotEmpty()) echo("or opens: ${made.text("url")}")
    }
}

internal class UnlinkTelegramCommand : TelegramCommand("unlink-telegram", "Ends the link to an approver's Telegram account at once.") {
    override fun run() {
        val answer = post("unlink-telegram")
        if (json) echoJson(answer) else echo("Unlinked ${shown(who)}.")
    }
}
