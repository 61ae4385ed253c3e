package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.multiple
import com.github.ajalt.clikt.parameters.options.option
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

internal fun groupsCommand(): CoreCliktCommand = Noun("groups", "Groups of approvers.").subcommands(
    AddGroupCommand(),
    ListGroupsCommand(),
    RevokeCommand("remove", "groups", "Ends a group; nobody is in it any more."),
    MoveMemberCommand("add-member", "Puts an approver into a group."),
    MoveMemberCommand("remove-member", "Takes an approver out of a group."),
)

private class AddGroupCommand : CoreCliktCommand(name = "add") {
    override fun help(context: Context) = "Adds a group, with members where they are named."

    private val connection by Connection()
    private val name by argument()
    private val members by option("--member", help = "An approver's name or id; may be given again").multiple()
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val made = connection.post("/v1/admin/groups", buildJsonObject { put("name", name) })
        val filled = members.fold(made) { _, who -> connection.move(made.text("id"), "add-member", who) }
        if (json) echoJson(filled) else echo("Added $name.")
    }
}

private class ListGroupsCommand : CoreCliktCommand(name = "list") {
    override fun help(context: Context) = "Lists the groups with their members."

    private val connection by Connection()
    private val all by option(help = "Ended ones too").flag()
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val groups = connection.groups().filter { all || it.isThere() }
        if (json) echoJson(JsonObject(mapOf("groups" to JsonArray(groups)))) else echoTable(groups.map { it.withNames() }, COLUMNS)
    }

    private fun JsonObject.withNames(): JsonObject {
        val names = objects("members").joinToString { it.text("name") }
        return JsonObject(this + ("members" to JsonPrimitive(names)))
    }

    private companion object {
        val COLUMNS = listOf("id", "name", "members", "created_at", "revoked_at")
    }
}

private class MoveMemberCommand(name: String, private val help: String) : CoreCliktCommand(name) {
    override fun help(context: Context) = help

    private val connection by Connection()
    private val group by argument(help = "The group's name or id")
    private val who by argument("APPROVER", help = "Name or id")

    override fun run() {
        val found = connection.groups().firstOrNull { it.isThere() && (it.text("id") == group || it.text("name") == group) }
            ?: throw failure("groups: there is no $group; see: sesame groups list")
        val moved = connection.move(found.text("id"), commandName, who)
        echo(
            "In ${moved.text("name")}: ${moved.objects("members").joinToString {
                it.text("name")
            }.ifEmpty { "nobody" }}.",
        )
    }
}

private fun Connection.groups(): List<JsonObject> = get("/v1/admin/groups").objects("groups")

private fun JsonObject.isThere() = this["revoked_at"] == JsonNull

private fun Connection.move(groupId: String, how: String, who: String): JsonObject =
    post("/v1/admin/groups/$groupId/$how", buildJsonObject { put("approver", who) })
