package dev.sesame.broker.http

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Group
import dev.sesame.broker.access.Register
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
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Groups of approvers, for admins. */
internal class GroupRoutes(private val callers: Callers, private val access: AccessStore, private val register: Register) {
    fun install(route: Route) {
        route.get("/v1/admin/groups") { list(call) }
        route.post("/v1/admin/groups") { add(call) }
        route.post("/v1/admin/groups/{id}/revoke") { revoke(call) }
        route.post("/v1/admin/groups/{id}/add-member") { moveMember(call, register::addMember) }
        route.post("/v1/admin/groups/{id}/remove-member") { moveMember(call, register::removeMember) }
    }

    private suspend fun list(call: ApplicationCall) {
        callers.admin(call)
        Query(call).done()
        val approvers = access.approvers()
        call.respondJson(jsonObjectOf("groups" to JsonArray(access.groups().map { it.toJson(approvers) })))
    }

    private suspend fun add(call: ApplicationCall) {
        callers.admin(call)
        val fields = Fields(call.jsonBody())
        val name = fields.text("name", GROUP_NAME, required = true).orEmpty()
        fields.done()
        val group = register.addGroup(name) ?: throw Problem(ProblemCode.NAME_TAKEN, "the name $name is taken")
        call.respondJson(group.toJson(emptyList()), HttpStatusCode.Created)
    }

    private suspend fun revoke(call: ApplicationCall) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        val id = call.parameters["id"].orEmpty()
        if (!register.revokeGroup(id)) throw Problem(ProblemCode.NOT_FOUND, "there is no group with this id")
        call.respondJson(buildJsonObject { put("id", id) })
    }

    private suspend fun moveMember(call: ApplicationCall, move: suspend (String, String) -> Boolean) {
        callers.admin(call)
        val fields = Fields(call.jsonBody())
        val who = fields.text("approver", GROUP_NAME, required = true).orEmpty()
        fields.done()
        val approver = access.approvers().find { it.revokedAt == null && (it.id == who || it.name == who) }
        val groupId = call.parameters["id"].orEmpty()
        if (approver == null || !move(groupId, approver.id)) {
            throw Problem(ProblemCode.NOT_FOUND, "there is no such group, or no such approver who could join or leave it")
        }
        respondGroup(call, groupId)
    }

    private suspend fun respondGroup(call: ApplicationCall, id: String) {
        val group = access.groups().find { it.id == id } ?: throw Problem(ProblemCode.NOT_FOUND, "there is no group with this id")
        call.respondJson(group.toJson(access.approvers()))
    }

    private fun Group.toJson(approvers: List<Approver>): JsonObject = buildJsonObject {
        put("id", id)
        put("name", name)
        put("members", JsonArray(memberIds.mapNotNull { member -> approvers.find { it.id == member } }.map { it.asMember() }))
        put("created_at", createdAt.toString())
        put("revoked_at", revokedAt?.toString())
    }

    private fun Approver.asMember() = buildJsonObject {
        put("id", id)
        put("name", name)
    }
}
