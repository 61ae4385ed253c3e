package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.CoreNoOpCliktCommand
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.multiple
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.required
import dev.sesame.Mode
import dev.sesame.broker.text.shown
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** A noun with verbs. */
internal class Noun(name: String, private val help: String) : CoreNoOpCliktCommand(name) {
    override fun help(context: Context) = help
}

internal fun keysCommand(): CoreCliktCommand = Noun("keys", "API keys of requesters.").subcommands(
    CreateKeyCommand(),
    AccessListCommand("keys", listOf("id", "requester", "mode", "last_four", "created_at", "revoked_at")),
    RevokeCommand("revoke", "keys", "Ends a key at once, with whatever it holds open."),
)

internal fun requestersCommand(): CoreCliktCommand = Noun("requesters", "Programs that ask.").subcommands(
    AddRequesterCommand(),
    AccessListCommand("requesters", listOf("id", "name", "owner", "created_at")),
    RevokeCommand("revoke", "requesters", "Ends all keys of a requester at once, with whatever they hold open."),
)

internal fun approversCommand(): CoreCliktCommand = Noun("approvers", "People who answer.").subcommands(
    AddApproverCommand(),
    AccessListCommand("approvers", listOf("id", "name", "role", "groups", "channels", "last_four", "created_at", "revoked_at")),
    RevokeCommand("remove", "approvers", "Ends an approver at once."),
    LinkTelegramCommand(),
    UnlinkTelegramCommand(),
    LinkCommand(),
    SignOutCommand(),
    PasskeysCommand(),
    RemovePasskeysCommand(),
)

internal fun sessionsCommand(): CoreCliktCommand = Noun("sessions", "Browsers in which approvers are signed in.").subcommands(
    AccessListCommand("sessions", listOf("id", "approver", "browser", "created_at", "seen_at", "ends_at")),
    RevokeCommand("revoke", "sessions", "Ends a session at once."),
)

private class AccessListCommand(private val noun: String, private val columns: List<String>) : CoreCliktCommand(name = "list") {
    override fun help(context: Context) = "Lists the $noun; never a secret."

    private val connection by Connection()
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val answer = connection.get("/v1/admin/$noun")
        if (json) echoJson(answer) else echoTable(answer.objects(noun), columns)
    }
}

private class CreateKeyCommand : CoreCliktCommand(name = "create") {
    override fun help(context: Context) = "Makes a key for a requester, who is made if new, and prints it, once."

    private val connection by Connection()
    private val requester by option(help = "The requester's name").required()
    private val test by option(help = "A test key (sk_test_…): what it asks reaches no person").flag()
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val made = connection.post(
            "/v1/admin/keys",
            buildJsonObject {
                put("requester", requester)
                if (test) put("mode", Mode.TEST.value)
            },
        )
        val shown = JsonObject(made.filterKeys { it == "requester" || it == "key" })
        if (json) echoJson(shown) else echo("${if (test) "Test key" else "Key"} of $requester, shown this once: ${made.text("key")}")
    }
}

private abstract class AddCommand(private val noun: String, private val help: String) : CoreCliktCommand(name = "add") {
    override fun help(context: Context) = help

    private val connection by Connection()
    private val name by argument()
    private val json by option(help = "For scripts").flag()

    /** What is said beside the name. */
    protected abstract fun JsonObjectBuilder.more()

    override fun run() {
        val made = connection.post(
            "/v1/admin/$noun",
            buildJsonObject {
                put("name", name)
                more()
            },
        )
        val token = made.text("token")
        when {
            json -> echoJson(JsonObject(made.filterKeys { it == "id" || it == "name" || it == "token" }))
            token.isEmpty() -> echo("Added $name.")
            else -> echo("Added $name. Token, shown this once: $token")
        }
    }
}

private class AddRequesterCommand : AddCommand("requesters", "Adds a requester; give it a key with: keys create --requester NAME.") {
    private val owner by option(help = "The approver who stands behind it, and so doesn't answer it: name or id")
    private val allowSelf by option(help = "The owner may answer it all the same").flag()

    override fun JsonObjectBuilder.more() {
        owner?.let { put("owner", it) }
        if (allowSelf) put("allow_self", true)
    }
}

private class AddApproverCommand : AddCommand("approvers", "Adds an approver and prints the token, once.") {
    private val groups by option("--group", help = "A group to be in, by name; may be given again").multiple()

    override fun JsonObjectBuilder.more() {
        if (groups.isNotEmpty()) put("groups", JsonArray(groups.map(::JsonPrimitive)))
    }
}

/** The id of the one who is called so, by name or id. */
internal fun Connection.idOf(who: String, noun: String): String {
    val all = get("/v1/admin/$noun").objects(noun)
    return all.filter { it.text("id") == who || it.text("name") == who }.minByOrNull { it.text("revoked_at").isNotEmpty() }?.text("id")
        ?: throw failure("$noun: there is no ${shown(who)}; see: sesame $noun list")
}

internal class RevokeCommand(name: String, private val noun: String, private val help: String) : CoreCliktCommand(name) {
    override fun help(context: Context) = help

    private val connection by Connection()
    private val who by argument("ID|NAME")

    override fun run() {
        connection.post("/v1/admin/$noun/${connection.idOf(who, noun)}/revoke")
        echo("Ended $who.")
    }
}
