package dev.sesame.broker.http

import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.EraseValues
import dev.sesame.rules.readRedact
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.post

/** Erases values of an approval that is over; for admins. */
internal class RedactRoutes(private val callers: Callers, private val documents: Documents, private val erase: EraseValues) {
    fun install(route: Route) {
        route.post("/v1/approvals/{id}/redact") { redact(call) }
    }

    private suspend fun redact(call: ApplicationCall) {
        val caller = callers.admin(call)
        val fields = readRedact(call.jsonBody())
        call.respondVerdict(erase.erase(call.approvalId(), fields, caller.approver, caller::mayRead), documents, caller)
    }
}
