package dev.sesame.broker.http

import dev.sesame.ExecutionState
import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.access.owns
import dev.sesame.broker.approval.ClaimExecution
import dev.sesame.broker.approval.Claimed
import dev.sesame.broker.approval.ReportOutcome
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.notFound
import dev.sesame.rules.readClaim
import dev.sesame.rules.readReport
import dev.sesame.rules.toJson
import dev.sesame.rules.toProblem
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration

/** Claim the right to run; report what became of it. */
internal class ExecutionRoutes(
    private val callers: Callers,
    private val documents: Documents,
    private val claim: ClaimExecution,
    private val report: ReportOutcome,
) {
    fun install(route: Route) {
        route.post("/v1/approvals/{id}/claim") { claim(call) }
        route.post("/v1/approvals/{id}/outcome") { report(call) }
    }

    private suspend fun claim(call: ApplicationCall) {
        val caller = callers.requester(call)
        val command = readClaim(call.jsonBody())
        when (val claimed = claim.claim(call.approvalId(), command, caller::owns) ?: throw notFound()) {
            is Claimed.Refused -> throw claimed.verdict.refusal!!.toProblem(documents.of(claimed.verdict.record))

            is Claimed.Granted -> call.respondJson(
                jsonObjectOf(
                    "claim_token" to JsonPrimitive(claimed.token),
                    "lease_until" to JsonPrimitive(claimed.leaseUntil.toString()),
                    "approval" to documents.of(claimed.record).toJson(),
                ),
            )
        }
    }

    private suspend fun report(call: ApplicationCall) {
        val caller = callers.of(call)
        val told = readReport(call.jsonBody(), settles = caller is Caller.AsApprover)
        if (caller is Caller.AsApprover && !caller.isAdmin) throw Problem(ProblemCode.FORBIDDEN, "only an admin settles an unknown outcome")
        val id = call.approvalId()
        val verdict = if (caller is Caller.AsApprover) {
            report.settle(id, caller.approver, told.outcome, told.detail, caller::mayRead)
        } else {
            report.report(id, told.token.orEmpty(), told.outcome, told.detail, caller::mayRead)
        }
        call.respondVerdict(verdict, documents, caller)
    }
}
