package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.required
import dev.sesame.broker.access.Ids
import dev.sesame.broker.text.shown
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

internal fun endpointsCommand(): CoreCliktCommand = Noun("endpoints", "URLs that get a requester's decisions as webhooks.").subcommands(
    AddEndpointCommand(),
    ListEndpointsCommand(),
    RotateCommand(),
    DisableCommand(),
    EnableCommand(),
)

private class AddEndpointCommand : CoreCliktCommand(name = "add") {
    override fun help(context: Context) = "Adds an endpoint and prints its secret, once."

    private val connection by Connection()
    private val requester by option(help = "Whose decisions it gets: the requester's name").required()
    private val url by argument()
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val made = connection.post(
            "/v1/admin/endpoints",
            buildJsonObject {
                put("requester", requester)
                put("url", url)
            },
        )
        if (json) echoJson(made) else echo("Added ${made.text("id")}. Secret, shown this once: ${made.text("secret")}")
    }
}

private class ListEndpointsCommand : CoreCliktCommand(name = "list") {
    override fun help(context: Context) = "Lists endpoints, oldest first; never a secret."

    private val connection by Connection()
    private val requester by option(help = "Only this requester's")
    private val cursor by option(help = "Goes on after the last page")
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val page = connection.get("/v1/admin/endpoints" + query("requester" to requester, "cursor" to cursor))
        if (json) return echoJson(page)
        echoTable(page.objects("endpoints"), listOf("id", "requester", "url", "failing_since", "disabled_at", "disabled_reason"))
        echoMore(page)
    }
}

/** A verb on one endpoint. */
private abstract class EndpointCommand(name: String, private val help: String) : CoreCliktCommand(name) {
    protected val connection by Connection()
    private val typed by argument("ID", help = "ep_…")
    protected val json by option(help = "For scripts").flag()

    override fun help(context: Context) = help

    protected fun call(verb: String, body: JsonObject = JsonObject(emptyMap())): JsonObject {
        val id =
            typed.takeIf(Ids::isEndpoint) ?: throw failure("not_found: ${shown(typed)} is no endpoint's id; see: sesame endpoints list")
        return connection.post("/v1/admin/endpoints/$id/$verb", body)
    }
}

private class RotateCommand : EndpointCommand("rotate", "Makes a new secret and prints it, once; the old one signs beside it for a day.") {
    override fun run() {
        val made = call("rotate")
        if (json) return echoJson(made)
        echo("Secret, shown this once: ${made.text("secret")}")
        echo("The one before signs beside it until ${made.text("previous_secret_until")}.")
    }
}

private class DisableCommand : EndpointCommand("disable", "Sends nothing more to it; what is pending is held.") {
    private val reason by option(help = "Why, for whoever wonders later")

    override fun run() {
        val endpoint = call("disable", buildJsonObject { reason?.let { put("reason", it) } })
        if (json) echoJson(endpoint) else echo("Disabled ${shown(endpoint.text("url"))}: ${shown(endpoint.text("disabled_reason"))}")
    }
}

private class EnableCommand : EndpointCommand("enable", "Sends to it again, what was held first.") {
    override fun run() {
        val endpoint = call("enable")
        if (json) echoJson(endpoint) else echo("Enabled ${shown(endpoint.text("url"))}.")
    }
}
