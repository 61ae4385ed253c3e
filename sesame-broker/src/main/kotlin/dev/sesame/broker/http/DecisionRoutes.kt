package dev.sesame.broker.http

import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ExtendExpiry
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.rules.readExtend
import dev.sesame.rules.readVote
import io.ktor.http.HttpHeaders
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post

/** What an approver calls: their inbox, and the decision. Nothing decides on GET. */
internal class DecisionRoutes(
    private val callers: Callers,
    private val documents: Documents,
    private val vote: CastVote,
    private val extend: ExtendExpiry,
    private val read: ReadApproval,
) {
    fun install(route: Route) {
        route.get("/v1/inbox") { inbox(call) }
        route.post("/v1/approvals/{id}/decision") { decide(call) }
        route.post("/v1/approvals/{id}/extend") { extend(call) }
    }

    private suspend fun inbox(call: ApplicationCall) {
        val caller = callers.approver(call)
        val page = Page.of(call, caller, Page.EXECUTION)
        call.respondJson(page.answer(page.read(read), caller, documents))
    }

    private suspend fun decide(call: ApplicationCall) {
        val caller = callers.approver(call)
        val voted = readVote(call.jsonBody())
        val via = if (call.request.headers[HttpHeaders.UserAgent].orEmpty().startsWith("sesame-cli")) "cli" else "api"
        // Who isn't asked is told so, and no more.
        val verdict = vote.cast(call.approvalId(), caller.approver, voted.answer, via, voted.note, voted.context) { it.isForPeople }
        call.respondVerdict(verdict, documents, caller)
    }

    private suspend fun extend(call: ApplicationCall) {
        val caller = callers.approver(call)
        val expiresIn = readExtend(call.jsonBody())
        call.respondVerdict(extend.extend(call.approvalId(), caller.approver, expiresIn) { it.isForPeople }, documents, caller)
    }
}
