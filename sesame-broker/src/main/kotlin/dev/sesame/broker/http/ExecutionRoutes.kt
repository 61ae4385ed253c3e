package dev.sesame.broker.http

import dev.sesame.ExecutionState
import dev.sesame.broker.access.Caller
import dev.sesame.broker.approval.ClaimExecution
import dev.sesame.broker.approval.Claimed
import dev.sesame.broker.approval.ReportOutcome
import dev.sesame.rules.Command
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

    private fun readClaim(body: JsonObject): Command.TakeClaim {
        val fields = Fields(body)
        val claimant = fields.text("claimant", 22..64, required = true).orEmpty()
        if (!claimantGrammar.matches(claimant)) fields.refuse<Unit>("claimant", "may hold only A-Z, a-z, 0-9, _ and -")
        val command = Command.TakeClaim(
            claimant = claimant,
            lease = Duration.ofSeconds(fields.whole("lease_seconds", LEASE_SECONDS) ?: DEFAULT_LEASE_SECONDS),
            contextHash = fields.text("context_hash", 1..100, required = true).orEmpty(),
            afterUnknown = fields.flag("after_unknown"),
        )
        fields.done()
        return command
    }

    private suspend fun report(call: ApplicationCall) {
        val caller = callers.of(call)
        val fields = Fields(call.jsonBody())
        val outcome = ExecutionState.of(fields.oneOf("outcome", outcomes, required = true).orEmpty())
        val detail = fields.text("detail", 0..1_000)
        val settles = caller is Caller.AsApprover
        val token = if (settles) null else fields.text("claim_token", 1..100, required = true)
        fields.done()
        if (caller is Caller.AsApprover && !caller.isAdmin) throw Problem(ProblemCode.FORBIDDEN, "only an admin settles an unknown outcome")
        val id = call.approvalId()
        val verdict = if (token ==
            null
        ) {
            report.settle(id, outcome, detail, caller::mayRead)
        } else {
            report.report(id, token, outcome, detail, caller::mayRead)
        }
        call.respondVerdict(verdict, documents)
    }

    private companion object {
        val claimantGrammar = Regex("[A-Za-z0-9_-]*")
        val LEASE_SECONDS = 10L..300L
        const val DEFAULT_LEASE_SECONDS = 60L
        val outcomes = listOf("succeeded", "failed", "unknown")
    }
}
