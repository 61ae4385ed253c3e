package dev.sesame.ktor.internal

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.PendingApproval
import dev.sesame.SesameException
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.PipelineCall
import io.ktor.server.request.httpMethod
import io.ktor.server.request.path
import io.ktor.server.request.uri
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.RoutingPipelineCall
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** One request at the gate: it asks where it carries no approval, and reaches the handler where it carries its own. */
internal class GatedCall(private val gate: GatedRoute, private val limits: BodyLimits, pipelineCall: PipelineCall) {
    private val call = pipelineCall as RoutingPipelineCall
    private val principal = gate.principal(call)

    suspend fun pass(proceed: suspend () -> Unit) {
        val ids = call.request.queryParameters.getAll(APPROVAL_PARAMETER).orEmpty()
        when {
            ids.size > 1 -> call.respondProblem(twoApprovals, bodyIsRead = false)

            ids.size == 1 && !idForm.matches(ids.single()) -> call.respondProblem(notFound, bodyIsRead = false)

            else -> when (val body = call.readRawBody(limits)) {
                RawBody.TooLarge -> call.respondProblem(tooLarge(limits.maxBytes), bodyIsRead = false)
                RawBody.TooSlow -> call.respondProblem(tooSlow(limits.timeout), bodyIsRead = false)
                is RawBody.Whole -> with(gate.context(call, body.bytes, principal), ids.firstOrNull(), proceed)
            }
        }
    }

    private suspend fun with(context: JsonObject, id: String?, proceed: suspend () -> Unit) {
        val run = Run(call, proceed)
        try {
            if (id == null) ask(context, run) else goOn(id, context, run)
        } catch (problem: SesameException) {
            if (run.hasStarted) throw problem // the handler's own
            call.respondRefusal(problem)
        } catch (_: AnsweredWithFailure) {
            // The answer is out; all that was left to do was to report it.
        }
    }

    /** Where people are asked, never more than that: who can't know the id can't have been told their yes. The policy's word is final at once. */
    private suspend fun ask(context: JsonObject, run: Run) {
        val usualSummary = "${call.request.httpMethod.value} ${call.request.path()}" + principal?.let { " by $it" }.orEmpty()
        val pending = gate.sesame.trigger(gate.request(call, context, principal, usualSummary))
        val isByPolicy = pending.approval.decision?.via == BY_POLICY && isAbout(pending.approval, context)
        if (isByPolicy && pending.approval.status.isTerminal) finish(pending, run) else respondAsked(pending.approval)
    }

    private suspend fun goOn(id: String, context: JsonObject, run: Run) {
        var pending = gate.sesame.attach(id)
        if (!isAbout(pending.approval, context)) return call.respondProblem(mismatch)
        val wait = preferredWait()
        if (wait != null && !pending.approval.status.isTerminal) {
            call.response.header("Preference-Applied", "wait=${wait.inWholeSeconds}")
            if (pending.poll(wait).status.isTerminal) pending = gate.sesame.attach(id)
            if (!isAbout(pending.approval, context)) return call.respondProblem(mismatch)
        }
        if (pending.approval.status.isTerminal) finish(pending, run) else respondAsked(pending.approval)
    }

    /** It is decided: by a yes to the handler, by anything else to a refusal. */
    private suspend fun finish(pending: PendingApproval, run: Run) {
        // Else each repetition of the request would run it again. A no is told without a claim.
        if (pending.approval.status == ApprovalStatus.APPROVED && pending.approval.claim != "required") {
            return call.respondUnavailable("${pending.id} was not run: this broker hands out no claims")
        }
        pending.run(timeout = CLAIM_AT_MOST) { run.handler(it) }
    }

    /** An approver's edit is no part of the request: it lets pass only where the route says that its handlers take it from the approval. */
    private fun isAbout(approval: Approval, context: JsonObject): Boolean {
        val asked = approval.context ?: return false
        return approval.action == gate.action && isSame(context, asked) && approval.edits.all { it.field in gate.editable }
    }

    private fun preferredWait(): Duration? =
        preferredWait(call.request.headers.getAll("Prefer").orEmpty())?.coerceAtMost(gate.longestWait)?.takeIf { it.isPositive() }

    private suspend fun respondAsked(approval: Approval) {
        call.response.header(HttpHeaders.Location, locationOf(call.request.uri, approval.id))
        call.response.header(HttpHeaders.CacheControl, "no-store")
        val body = buildJsonObject {
            put("approval_id", approval.id)
            put("status", approval.status.value)
            approval.approvalUrl?.let { put("approval_url", it) }
        }
        call.respondText(body.toString(), ContentType.Application.Json, HttpStatusCode.Accepted)
    }

    private companion object {
        const val BY_POLICY = "policy"
        val idForm = Regex("ap_[a-z2-7]{26}")

        /** The decision is there already: what remains is to claim, which is quick or impossible now. */
        val CLAIM_AT_MOST = 5.seconds
    }
}

/** The way to the handler, and whether it was taken. */
private class Run(private val call: RoutingPipelineCall, private val proceed: suspend () -> Unit) {
    var hasStarted = false
        private set

    suspend fun handler(approval: Approval) {
        hasStarted = true
        call.attributes.put(approvalKey, approval)
        proceed()
        // Somebody between here and the handler may have made an answer of its exception.
        if ((call.response.status()?.value ?: 0) >= 500) throw AnsweredWithFailure()
    }
}

/** Tells the broker, by way of the client, that nobody can know what the handler did. */
private class AnsweredWithFailure : RuntimeException() {
    override fun fillInStackTrace(): Throwable = this
}

/** The same request with the id, from the server's root: slashes at its start could name another host. */
internal fun locationOf(uri: String, id: String): String {
    val kept = uri.substringAfter('?', "").split('&').filter { it.isNotEmpty() && it.substringBefore('=') != APPROVAL_PARAMETER }
    return "/" + uri.substringBefore('?').trimStart('/') + "?" + (kept + "$APPROVAL_PARAMETER=$id").joinToString("&")
}

/** The wait of `Prefer: wait=25` (RFC 7240), in whole seconds; `null` where there is none that can be read. */
internal fun preferredWait(headers: List<String>): Duration? = headers.flatMap { it.split(',') }
    .map { it.substringBefore(';').trim() }
    .firstNotNullOfOrNull { preferred -> wait.matchEntire(preferred)?.groupValues?.get(1)?.toInt()?.seconds }

private val wait = Regex("""wait\s*=\s*"?([0-9]{1,5})"?""", RegexOption.IGNORE_CASE)
