package dev.sesame.broker.http

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.passkey.Passkey
import dev.sesame.broker.access.passkey.Passkeys
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** For admins: which passkeys an approver has, and ending them all, as when a phone is lost. */
internal class PasskeyRoutes(private val callers: Callers, private val access: AccessStore, private val passkeys: Passkeys) {
    fun install(route: Route) {
        route.get("/v1/admin/approvers/{id}/passkeys") { list(call) }
        route.post("/v1/admin/approvers/{id}/passkeys/revoke") { revoke(call) }
    }

    private suspend fun list(call: ApplicationCall) {
        callers.admin(call)
        Query(call).done()
        call.respondJson(jsonObjectOf("passkeys" to JsonArray(passkeys.list(approver(call).id).map { it.toJson() })))
    }

    private suspend fun revoke(call: ApplicationCall) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        val approver = approver(call)
        val ended = passkeys.removeAll(approver.id)
        call.respondJson(
            buildJsonObject {
                put("id", approver.id)
                put("ended", ended)
            },
        )
    }

    private suspend fun approver(call: ApplicationCall): Approver =
        access.approver(call.parameters["id"].orEmpty())?.takeIf { it.revokedAt == null }
            ?: throw Problem(ProblemCode.NOT_FOUND, "there is no active approver with this id")

    private fun Passkey.toJson() = buildJsonObject {
        put("id", id)
        put("name", name)
        put("rp_id", rpId)
        put("created_at", createdAt.toString())
        put("used_at", usedAt?.toString())
        put("suspect_at", suspectAt?.toString())
    }
}
