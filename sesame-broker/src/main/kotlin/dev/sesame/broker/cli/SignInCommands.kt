package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import kotlinx.serialization.json.JsonObject

internal class LinkCommand : CoreCliktCommand(name = "link") {
    override fun help(context: Context) = "Makes a link that signs an approver in to the inbox, once, within 15 minutes."

    private val connection by Connection()
    private val who by argument("NAME|ID")
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val made = connection.post("/v1/admin/approvers/${connection.idOf(who, "approvers")}/link")
        if (json) {
            echoJson(JsonObject(made.filterKeys { it in setOf("name", "url", "expires_at") }))
        } else {
            echo("Sign-in link of ${made.text("name")}, shown this once, good until ${made.text("expires_at")}: ${made.text("url")}")
        }
    }
}

internal class SignOutCommand : CoreCliktCommand(name = "sign-out") {
    override fun help(context: Context) = "Ends all sessions of an approver at once, and a sign-in link that is on its way."

    private val connection by Connection()
    private val who by argument("NAME|ID")

    override fun run() {
        val answer = connection.post("/v1/admin/approvers/${connection.idOf(who, "approvers")}/sign-out")
        echo("Ended ${answer.text("ended")} sessions of $who.")
    }
}
