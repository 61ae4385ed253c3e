package dev.sesame.broker.http

import dev.sesame.broker.access.AskingRate
import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Places
import dev.sesame.broker.access.Revocations
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.AwaitDecision
import dev.sesame.broker.approval.CancelApproval
import dev.sesame.broker.approval.OpenApproval
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.approval.Verdict
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.notFound
import dev.sesame.rules.readAsked
import dev.sesame.rules.toProblem
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import java.time.InstantSource
import kotlin.time.Duration.Companion.seconds

/** Open, read, list, wait, cancel. */
internal class ApprovalRoutes(
    private val callers: Callers,
    private val documents: Documents,
    private val open: OpenApproval,
    private val read: ReadApproval,
    private val await: AwaitDecision,
    private val cancel: CancelApproval,
    private val revocations: Revocations,
    private val rate: AskingRate,
    private val heldPolls: Places,
    private val clock: InstantSource,
    private val judgeUrl: (String) -> String?,
) {
    fun install(route: Route) {
        route.post("/v1/approvals") { open(call) }
        route.get("/v1/approvals") { list(call) }
        // A caller who leaves ends a held read, never a write under way.
        route.get("/v1/approvals/{id}") { call.whileThere { read(call) } }
        route.post("/v1/approvals/{id}/cancel") { cancel(call) }
    }

    private suspend fun open(call: ApplicationCall) {
        val caller = callers.requester(call)
        rate.take(caller.requester.id)
        val opened = open.open(readAsked(call.jsonBody(), caller.key.mode, clock.instant(), judgeUrl), caller)
        opened.verdict.refusal?.let { throw it.toProblem(documents.of(opened.verdict.record)) }
        val status = if (opened.isNew) HttpStatusCode.Created else HttpStatusCode.OK
        call.respondApproval(documents.of(opened.verdict.record), status)
    }

    private suspend fun read(call: ApplicationCall) {
        val caller = callers.of(call)
        val id = call.approvalId()
        val query = Query(call, "wait", "timeout_seconds")
        val wait = query.flag("wait")
        val atMost = query.whole("timeout_seconds")?.coerceIn(0, LONGEST_HOLD_SECONDS) ?: DEFAULT_HOLD_SECONDS
        query.done()
        val record = if (wait) held(call, id, atMost, caller) else read.find(id, caller::mayRead)
        call.respondApproval(documents.of(record ?: throw notFound(), caller))
    }

    private suspend fun held(call: ApplicationCall, id: String, seconds: Long, caller: Caller) = heldPolls.within(caller.holderId) {
        revocations.watching(caller.credentialId) { revoked ->
            callers.of(call) // once more: it may have been revoked before the watch began
            val record = await.await(id, seconds.seconds, revoked, caller::mayRead)
            if (revoked.isCompleted) throw Problem(ProblemCode.UNAUTHORIZED, "this credential was revoked")
            record
        }
    }

    private suspend fun list(call: ApplicationCall) {
        val caller = callers.of(call)
        val page = Page.of(call, caller)
        call.respondJson(page.answer(read.list(page.query), caller, documents))
    }

    private suspend fun cancel(call: ApplicationCall) {
        val caller = callers.of(call)
        if (caller is Caller.AsApprover && !caller.isAdmin) throw Problem(ProblemCode.FORBIDDEN, "only the requester or an admin cancels")
        Fields(call.jsonBody()).done()
        call.respondVerdict(cancel.cancel(call.approvalId(), caller::mayRead), documents, caller)
    }

    private companion object {
        const val DEFAULT_HOLD_SECONDS = 25L

        /** Load balancers cut at 60. */
        const val LONGEST_HOLD_SECONDS = 50L
    }
}

/** The id in the path; a malformed one is as unknown as an unknown one. */
internal fun ApplicationCall.approvalId(): String = parameters["id"]?.takeIf(Ids::isApproval) ?: throw notFound()

internal suspend fun ApplicationCall.respondVerdict(verdict: Verdict?, documents: Documents, caller: Caller) {
    val approval = documents.of(verdict?.record ?: throw notFound(), caller)
    verdict.refusal?.let { throw it.toProblem(approval, verdict.fields) }
    respondApproval(approval)
}
