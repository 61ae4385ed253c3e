package dev.sesame.broker.http

import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Enrol
import dev.sesame.broker.access.Requester
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.Fields
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
    private val enrol: Enrol,
    private val contacts: suspend () -> List<Contact>,
) {
    fun install(route: Route) {
        route.get("/v1/admin/requesters") { listed(call, "requesters") { requesters() } }
        route.post("/v1/admin/requesters") { addRequester(call) }
        route.post("/v1/admin/requesters/{id}/revoke") { revoked(call, enrol::revokeRequester) }
        route.get("/v1/admin/keys") { listed(call, "keys") { keys() } }
        route.post("/v1/admin/keys") { addKey(call) }
        route.post("/v1/admin/keys/{id}/revoke") { revoked(call, enrol::revokeKey) }
        route.get("/v1/admin/approvers") { listed(call, "approvers") { approvers() } }
        route.post("/v1/admin/approvers") { addApprover(call) }
        route.post("/v1/admin/approvers/{id}/revoke") { revoked(call, enrol::revokeApprover) }
    }

    private suspend fun addRequester(call: ApplicationCall) {
        callers.admin(call)
        val (requester, owner) = enrol.requester(Fields(call.jsonBody()))
        call.respondJson(requester.toJson(owner), HttpStatusCode.Created)
    }

    private suspend fun addKey(call: ApplicationCall) {
        callers.admin(call)
        val made = enrol.key(Fields(call.jsonBody()))
        call.respondJson(
            buildJsonObject {
                put("requester", made.requester)
                put("id", made.key.id)
                put("mode", made.key.mode.value)
                put("key", made.secret.clear)
            },
            HttpStatusCode.Created,
        )
    }

    private suspend fun addApprover(call: ApplicationCall) {
        callers.admin(call)
        val (approver, secret, groups) = enrol.approver(Fields(call.jsonBody()))
        call.respondJson(
            JsonObject(
                approver.toJson(channels = emptyList(), groups) + buildJsonObject {
                    put("token", secret.clear)
                },
            ),
            HttpStatusCode.Created,
        )
    }

    private suspend fun listed(call: ApplicationCall, name: String, list: suspend () -> List<JsonObject>) {
        callers.admin(call)
        Query(call).done()
        call.respondJson(jsonObjectOf(name to JsonArray(list())))
    }

    private suspend fun revoked(call: ApplicationCall, revoke: suspend (String) -> Unit) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        val id = call.parameters["id"].orEmpty()
        revoke(id)
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
}
