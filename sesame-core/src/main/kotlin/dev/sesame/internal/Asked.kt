package dev.sesame.internal

import dev.sesame.AlreadyExecutedException
import dev.sesame.Approval
import dev.sesame.ApprovalLapsedException
import dev.sesame.ApprovalRequest
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.ProtocolException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.put
import kotlin.time.Duration

/**
 * What was sent to the broker, and the check that a document is about just that.
 *
 * Whatever comes back, whoever is in between: the block never runs on another approval, another action, or another context.
 */
internal class Asked(private val action: String, context: JsonObject, private val allowTestMode: Boolean, private val people: People) {
    private val hash = CanonicalJson.requestHash(action, context)

    constructor(request: ApprovalRequest, allowTestMode: Boolean) : this(request.action, request.context, allowTestMode, People.of(request))

    /** Throws unless [approval] is what was asked; [id] is its id, once that is known. Where the broker [claims], it leaves nothing out. */
    fun check(approval: Approval, id: String?, claims: Boolean) {
        if (approval.id.isEmpty() ||
            (id != null && approval.id != id)
        ) {
            throw ProtocolException("the broker answered about another approval")
        }
        if (approval.action != action) throw ProtocolException("${approval.id}: the broker answered about another action")
        if (claims && (approval.context == null || approval.requestHash == null || approval.contextHash == null)) {
            throw ProtocolException("${approval.id}: the broker left out what it is about")
        }
        if (approval.requestHash != null && approval.requestHash != hash) throw altered(approval)
        if (approval.redacted.isEmpty() && approval.context != null && hashOf(approval, approval.context) != hash) throw altered(approval)
        checkMode(approval, allowTestMode)
        checkEffective(approval)
        people.check(approval)
    }

    companion object {
        /** For an approval that was asked elsewhere, so that only its inner agreement can be checked. */
        fun checkAttached(approval: Approval, id: String, allowTestMode: Boolean) {
            if (approval.id != id) throw ProtocolException("the broker answered about another approval")
            val asked = approval.context.takeIf { approval.redacted.isEmpty() }
            if (asked != null && approval.requestHash != null && approval.requestHash != hashOf(approval, asked)) throw altered(approval)
            checkMode(approval, allowTestMode)
            checkEffective(approval)
        }

        private fun checkMode(approval: Approval, allowTestMode: Boolean) {
            if (approval.mode == Mode.LIVE || (approval.mode == Mode.TEST && allowTestMode)) return
            throw ProtocolException("${approval.id} is of mode ${approval.mode}, which this client does not accept")
        }

        /** The decision is the one that the status tells of, and what a claim will name is what the block will get. */
        private fun checkEffective(approval: Approval) {
            val decision = approval.decision
            if (decision != null && decision.status != approval.status) {
                throw ProtocolException("${approval.id}: it is ${approval.status}, but its decision says ${decision.status}")
            }
            val told = approval.contextHash ?: return
            if (approval.redacted.isNotEmpty()) return // it never runs, see [ensureWhole]
            if ((approval.context != null || decision?.editedContext != null) && told != effectiveHash(approval)) throw altered(approval)
        }

        /**
         * Whoever runs with a part left out runs something else than was approved. Values are erased only where it has run, or its time to run is
         * over: so that is said, lest somebody asks anew for what has happened.
         */
        fun ensureWhole(approval: Approval) {
            if (approval.redacted.isEmpty()) return
            if (approval.execution?.state == ExecutionState.SUCCEEDED) throw AlreadyExecutedException(approval.id)
            if (approval.execution == null && approval.validUntil != null) throw ApprovalLapsedException(approval.id, approval.validUntil)
            throw leftOut(approval)
        }

        fun leftOut(approval: Approval) =
            ProtocolException("${approval.id} was not run: the broker doesn't tell ${approval.redacted.joinToString()} any more")

        fun effectiveHash(approval: Approval): String = hashOf(approval, approval.effectiveContext)

        private fun hashOf(approval: Approval, context: JsonObject): String = try {
            CanonicalJson.requestHash(approval.action, context)
        } catch (problem: NotCanonical) {
            throw ProtocolException(
                "${approval.id}: the broker sent a context that can't be what was asked: ${problem.message}",
                problem,
            )
        }

        private fun altered(approval: Approval) = ProtocolException("${approval.id}: the context is not the one that was asked about")
    }
}

/** The body of `POST /v1/approvals`. */
internal fun ApprovalRequest.toBody(dedupKey: String): JsonObject = buildJsonObject {
    put("action", action)
    put("summary", summary)
    reason?.let { put("reason", it) }
    put("context", context)
    put("dedup_key", dedupKey)
    expiresIn?.let { put("expires_in", it.toWholeSeconds()) }
    validFor?.let { put("valid_for", it.toWholeSeconds()) }
    requestedBy?.let { put("requested_by", it) }
    riskScore?.let { put("risk_score", it) }
    callbackUrl?.let { put("callback_url", it) }
    test?.let { put("test", Json.encodeToJsonElement(it)) }
    if (editable.isNotEmpty()) put("editable", Json.encodeToJsonElement(editable))
    if (approvalsRequired != 1) put("approvals_required", approvalsRequired)
    if (groups.isNotEmpty()) put("groups", Json.encodeToJsonElement(groups))
    if (approvalsPerGroup.isNotEmpty()) put("approvals_per_group", Json.encodeToJsonElement(approvalsPerGroup))
}

/** Rounded up: what is asked for is never cut short. */
internal fun Duration.toWholeSeconds(): Long = inWholeSeconds + if (inWholeNanoseconds % 1_000_000_000 > 0) 1 else 0
