package dev.sesame.broker.http

import dev.sesame.Answer
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ReadApproval
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
    private val read: ReadApproval,
) {
    fun install(route: Route) {
        route.get("/v1/inbox") { inbox(call) }
        route.post("/v1/approvals/{id}/decision") { decide(call) }
    }

    private suspend fun inbox(call: ApplicationCall) {
        val caller = callers.approver(call)
        val page = Page.of(call, caller)
        call.respondJson(page.answer(read.list(page.query), caller, documents))
    }

    private suspend fun decide(call: ApplicationCall) {
        val caller = callers.approver(call)
        val (answer, note) = readVote(call.jsonBody())
        val via = if (call.request.headers[HttpHeaders.UserAgent].orEmpty().startsWith("sesame-cli")) "cli" else "api"
        call.respondVerdict(vote.cast(call.approvalId(), caller.approver, answer, via, note, caller::mayRead), documents)
    }
}
