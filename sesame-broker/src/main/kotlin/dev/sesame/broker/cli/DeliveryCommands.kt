package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.choice
import dev.sesame.broker.access.Ids
import dev.sesame.broker.text.shown
import kotlinx.serialization.json.JsonObject
import java.net.URLEncoder

internal fun deliveriesCommand(): CoreCliktCommand = Noun("deliveries", "Webhooks that were sent, or will be.").subcommands(
    ListDeliveriesCommand(),
    ShowDeliveryCommand(),
    RedeliverCommand(),
)

private class ListDeliveriesCommand : CoreCliktCommand(name = "list") {
    override fun help(context: Context) = "Lists deliveries, newest first."

    private val connection by Connection()
    private val requester by option(help = "Only this requester's")
    private val endpoint by option(help = "Only to this endpoint: ep_…")
    private val approval by option(help = "Only of this request: ap_…")
    private val state by option(help = "Only these").choice("pending", "held", "delivered", "failed")
    private val cursor by option(help = "Goes on after the last page")
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val query = query(
            "requester" to requester,
            "endpoint_id" to endpoint,
            "approval_id" to approval,
            "state" to state,
            "cursor" to cursor,
        )
        val page = connection.get("/v1/admin/deliveries$query")
        if (json) return echoJson(page)
        echoTable(page.objects("deliveries"), listOf("id", "state", "approval_id", "url", "attempt_count", "next_at"))
        echoMore(page)
    }
}

/** A verb on one delivery. */
private abstract class DeliveryCommand(name: String, private val help: String) : CoreCliktCommand(name) {
    protected val connection by Connection()
    private val typed by argument("ID", help = "wh_…, which the receiver knows as webhook-id")
    protected val json by option(help = "For scripts").flag()

    override fun help(context: Context) = help

    protected val path: String
        get() {
            val id =
                typed.takeIf(Ids::isDelivery)
                    ?: throw failure("not_found: ${shown(typed)} is no delivery's id; see: sesame deliveries list")
            return "/v1/admin/deliveries/$id"
        }
}

private class ShowDeliveryCommand : DeliveryCommand("show", "Shows one delivery with every attempt at it.") {
    override fun run() {
        val delivery = connection.get(path)
        if (json) return echoJson(delivery)
        echo("  ${delivery.text("id")} is ${delivery.text("state")}")
        echo("  ${delivery.text("approval_id")} of ${shown(delivery.text("requester"))}, to ${shown(delivery.text("url"))}")
        if (delivery.text("next_at").isNotEmpty()) echo("  next attempt at ${delivery.text("next_at")}")
        echoTable(delivery.objects("attempts"), listOf("at", "duration_ms", "status", "failure", "answer"))
    }
}

private class RedeliverCommand : DeliveryCommand("redeliver", "Sends it once more, now, with the same webhook-id.") {
    override fun run() {
        val delivery = connection.post("$path/redeliver")
        if (json) echoJson(delivery) else echo("${delivery.text("id")} to ${shown(delivery.text("url"))} is ${delivery.text("state")}.")
    }
}

/** A query of those parameters that are there, in pages of a hundred. */
internal fun query(vararg parameters: Pair<String, String?>): String = parameters.filter { it.second != null }
    .joinToString("") { (name, value) -> "&$name=" + URLEncoder.encode(value, Charsets.UTF_8) }.let { "?limit=100$it" }

internal fun CoreCliktCommand.echoMore(page: JsonObject) {
    if (page.text("next_cursor").isNotEmpty()) echo("… and more: --cursor ${page.text("next_cursor")}")
}
