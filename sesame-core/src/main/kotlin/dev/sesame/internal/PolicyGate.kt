package dev.sesame.internal

import dev.sesame.ApprovalNotFoundException
import dev.sesame.ApprovalRequest
import dev.sesame.GateDecision
import dev.sesame.GatedRun
import dev.sesame.InvalidRequestException
import dev.sesame.ProtocolException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration

/** What the broker's policy says, and what may run by it. Nothing here reaches the block but one word of the broker's, read and understood. */
internal class PolicyGate(private val broker: BrokerCalls, private val retry: Retry, private val retryFor: Duration) {
    suspend fun check(request: ApprovalRequest): GateDecision {
        try {
            CanonicalJson.requestHash(request.action, request.context)
        } catch (problem: NotCanonical) {
            throw InvalidRequestException(problem.message.orEmpty(), mapOf(problem.path to problem.problem), problem)
        }
        return try {
            retry.within(retryFor) { broker.check(request.toCheckBody()) }.toGateDecision()
        } catch (_: ApprovalNotFoundException) {
            throw ProtocolException("this broker has no policy to ask: it is older than this call")
        }
    }

    suspend fun <T> execute(request: ApprovalRequest, block: suspend (JsonObject) -> T): GatedRun<T> {
        val decision = check(request)
        if (!decision.isExecute) return GatedRun(decision, hasRun = false, value = null)
        ensureWanted()
        return GatedRun(decision, hasRun = true, block(request.context))
    }

    /** The last look before the block: nobody left, and nobody closed the client, while the answer was read. */
    suspend fun ensureWanted() {
        currentCoroutineContext().ensureActive()
        retry.ensureOpen()
    }
}

/** The body of `POST /v1/policy/check`. */
private fun ApprovalRequest.toCheckBody(): JsonObject = buildJsonObject {
    put("action", action)
    put("context", context)
    requestedBy?.let { put("requested_by", it) }
    riskScore?.let { put("risk_score", it) }
}
