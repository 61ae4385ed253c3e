package dev.sesame.broker.http

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Session
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.Site
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** For admins: links that sign approvers in, and the sessions that came of them. */
internal class SessionRoutes(
    private val callers: Callers,
    private val access: AccessStore,
    private val sessions: Sessions,
    private val site: () -> Site,
) {
    fun install(route: Route) {
        route.post("/v1/admin/approvers/{id}/link") { link(call) }
        route.post("/v1/admin/approvers/{id}/sign-out") { signOut(call) }
        route.get("/v1/admin/sessions") { list(call) }
        route.post("/v1/admin/sessions/{id}/revoke") { revoke(call) }
    }

    private suspend fun link(call: ApplicationCall) {
        val approver = approver(call)
        val (link, secret) = sessions.link(approver.id) ?: throw noApprover()
        call.respondJson(
            buildJsonObject {
                put("approver_id", approver.id)
                put("name", approver.name)
                put("url", site().signInUrl(secret))
                put("expires_at", link.expiresAt.toString())
            },
            HttpStatusCode.Created,
        )
    }

    private suspend fun signOut(call: ApplicationCall) {
        val approver = approver(call)
        val ended = sessions.endAll(approver.id)
        call.respondJson(
            buildJsonObject {
                put("id", approver.id)
                put("ended", ended)
            },
        )
    }

    private suspend fun list(call: ApplicationCall) {
        callers.admin(call)
        Query(call).done()
        val names = access.approvers().associate { it.id to it.name }
        call.respondJson(jsonObjectOf("sessions" to JsonArray(sessions.list().map { it.toJson(names[it.approverId].orEmpty()) })))
    }

    private suspend fun revoke(call: ApplicationCall) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        val id = call.parameters["id"].orEmpty()
        if (!sessions.end(id)) throw Problem(ProblemCode.NOT_FOUND, "there is no session with this id")
        call.respondJson(buildJsonObject { put("id", id) })
    }

    /** The one in the path, active, for an admin who sends no fields. */
    private suspend fun approver(call: ApplicationCall): Approver {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        return access.approver(call.parameters["id"].orEmpty())?.takeIf { it.revokedAt == null } ?: throw noApprover()
    }

    private fun noApprover() = Problem(ProblemCode.NOT_FOUND, "there is no active approver with this id")

    private fun Session.toJson(approver: String) = buildJsonObject {
        put("id", id)
        put("approver", approver)
        put("browser", browser)
        put("created_at", createdAt.toString())
        put("seen_at", seenAt.toString())
        put("ends_at", endsAt.toString())
    }
}
