package dev.sesame.broker.http

import dev.sesame.Mode
import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Group
import dev.sesame.broker.access.Register
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Role
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.Fields
import dev.sesame.rules.GROUP_NAME
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Requesters, keys and approvers: GET lists, POST makes, `POST …/{id}/revoke` ends. Secrets are in the answer to POST, and nowhere later. */
internal class AdminRoutes(
    private val callers: Callers,
    private val access: AccessStore,
    private val register: Register,
    private val contacts: suspend () -> List<Contact>,
) {
    fun install(route: Route) {
        route.get("/v1/admin/requesters") { listed(call, "requesters") { requesters() } }
        route.post("/v1/admin/requesters") { addRequester(call) }
        route.post("/v1/admin/requesters/{id}/revoke") { revoked(call, register::revokeRequester) }
        route.get("/v1/admin/keys") { listed(call, "keys") { keys() } }
        route.post("/v1/admin/keys") { addKey(call) }
        route.post("/v1/admin/keys/{id}/revoke") { revoked(call, register::revokeKey) }
        route.get("/v1/admin/approvers") { listed(call, "approvers") { approvers() } }
        route.post("/v1/admin/approvers") { addApprover(call) }
        route.post("/v1/admin/approvers/{id}/revoke") { revoked(call, register::revokeApprover) }
    }

    private suspend fun addRequester(call: ApplicationCall) {
        callers.admin(call)
        val fields = Fields(call.jsonBody())
        val name = fields.text("name", NAME, required = true).orEmpty()
        val owner = fields.text("owner", NAME)?.let { who -> active(who) ?: fields.refuse("owner", "is no active approver's name or id") }
        val allowSelf = fields.flag("allow_self")
        fields.done()
        val requester = register.addRequester(name, owner?.id, allowSelf) ?: throw taken(name)
        call.respondJson(requester.toJson(owner?.name), HttpStatusCode.Created)
    }

    private suspend fun addKey(call: ApplicationCall) {
        callers.admin(call)
        val fields = Fields(call.jsonBody())
        val name = fields.text("requester", NAME, required = true).orEmpty()
        val mode = fields.oneOf("mode", listOf(Mode.LIVE.value, Mode.TEST.value))?.let(Mode::of) ?: Mode.LIVE
        fields.done()
        val (key, secret) = register.addKey(name, mode)
        call.respondJson(
            buildJsonObject {
                put("requester", name)
                put("id", key.id)
                put("mode", key.mode.value)
                put("key", secret.clear)
            },
            HttpStatusCode.Created,
        )
    }

    private suspend fun addApprover(call: ApplicationCall) {
        callers.admin(call)
        val fields = Fields(call.jsonBody())
        val name = fields.text("name", NAME, required = true).orEmpty()
        val role = fields.oneOf("role", Role.entries.map { it.name.lowercase() }) ?: "approver"
        val groups = groups(fields)
        fields.done()
        val (approver, secret) = register.addApprover(name, Role.valueOf(role.uppercase())) ?: throw taken(name)
        groups.forEach { register.addMember(it.id, approver.id) }
        call.respondJson(
            JsonObject(
                approver.toJson(channels = emptyList(), groups.map { it.name }) + buildJsonObject {
                    put("token", secret.clear)
                },
            ),
            HttpStatusCode.Created,
        )
    }

    /** The groups that the field names; each must be there. */
    private suspend fun groups(fields: Fields): List<Group> {
        val names = fields.texts("groups", MOST_GROUPS, GROUP_NAME).orEmpty()
        val all = if (names.isEmpty()) emptyList() else access.groups().filter { it.revokedAt == null }
        val unknown = names - all.map { it.name }.toSet()
        if (unknown.isNotEmpty()) fields.refuse<Unit>("groups", "names what is no group here: ${unknown.joinToString()}")
        return all.filter { it.name in names }
    }

    private suspend fun active(who: String): Approver? = access.approvers().find {
        it.revokedAt == null && (it.id == who || it.name == who)
    }

    private suspend fun listed(call: ApplicationCall, name: String, list: suspend () -> List<JsonObject>) {
        callers.admin(call)
        Query(call).done()
        call.respondJson(jsonObjectOf(name to JsonArray(list())))
    }

    private suspend fun revoked(call: ApplicationCall, revoke: suspend (String) -> Boolean) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        val id = call.parameters["id"].orEmpty()
        if (!revoke(id)) {
            if (access.isActive(id)) throw Problem(ProblemCode.FORBIDDEN, "the last admin stays: make another one first")
            throw Problem(ProblemCode.NOT_FOUND, "there is none with this id")
        }
        call.respondJson(buildJsonObject { put("id", id) })
    }

    private suspend fun keys(): List<JsonObject> {
        val names = access.requesters().associate { it.id to it.name }
        return access.keys().map { it.toJson(names[it.requesterId].orEmpty()) }
    }

    private suspend fun requesters(): List<JsonObject> {
        val names = access.approvers().associate { it.id to it.name }
        return access.requesters().map { it.toJson(names[it.ownerId]) }
    }

    private suspend fun approvers(): List<JsonObject> {
        val channels = contacts().groupBy({ it.approverId }) { it.channel }
        val groups = access.groups().flatMap { group -> group.memberIds.map { it to group.name } }.groupBy({ it.first }) { it.second }
        return access.approvers().map { it.toJson(channels[it.id].orEmpty().distinct(), groups[it.id].orEmpty()) }
    }

    private fun taken(name: String) = Problem(ProblemCode.NAME_TAKEN, "the name $name is taken")

    private fun Requester.toJson(owner: String?) = buildJsonObject {
        put("id", id)
        put("name", name)
        put("owner", owner)
        put("allow_self", allowSelf)
        put("created_at", createdAt.toString())
    }

    private fun ApiKey.toJson(requester: String) = buildJsonObject {
        put("id", id)
        put("requester", requester)
        put("mode", mode.value)
        put("last_four", lastFour)
        put("created_at", createdAt.toString())
        put("revoked_at", revokedAt?.toString())
    }

    private fun Approver.toJson(channels: List<String>, groups: List<String>) = buildJsonObject {
        put("id", id)
        put("name", name)
        put("role", role.name.lowercase())
        put("channels", JsonArray(channels.map(::JsonPrimitive)))
        put("groups", JsonArray(groups.map(::JsonPrimitive)))
        put("last_four", lastFour)
        put("created_at", createdAt.toString())
        put("revoked_at", revokedAt?.toString())
    }

    private companion object {
        val NAME = 1..100
        const val MOST_GROUPS = 100
    }
}
