package dev.sesame.ktor.internal

import dev.sesame.Approval
import dev.sesame.ApprovalRequest
import dev.sesame.Sesame
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.RouteSelector
import io.ktor.server.routing.RouteSelectorEvaluation
import io.ktor.server.routing.RoutingPipelineCall
import io.ktor.server.routing.RoutingResolveContext
import io.ktor.util.AttributeKey
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration

/** The approval that let a call pass. */
internal val approvalKey: AttributeKey<Approval> = AttributeKey("SesameApproval")

/** What is the same for all calls of a gated route: whom to ask, and what. */
internal class GatedRoute(
    val sesame: Sesame,
    val action: String,
    val principal: (ApplicationCall) -> String?,
    private val summary: (ApplicationCall) -> String?,
    private val reason: (ApplicationCall) -> String?,
    private val dedupKey: (ApplicationCall) -> String?,
    private val expiresIn: Duration?,
    private val validFor: Duration?,
    val longestWait: Duration,
    private val ownContext: (ApplicationCall, ByteArray) -> JsonObject,
    val editable: List<String>,
) {
    init {
        val taken = editable.filter { it in gateFields }
        require(taken.isEmpty()) { "editable names ${taken.joinToString()}: an approver can't make another request of this one" }
        require(action.isNotEmpty() && action.length <= LONGEST_ACTION) { "an action has 1 to $LONGEST_ACTION characters" }
        require(!longestWait.isNegative() && longestWait.isFinite()) { "longestWait is $longestWait: it goes from 0 up" }
    }

    /** What people are asked about: the request itself, and what else the route tells of it. */
    fun context(call: RoutingPipelineCall, body: ByteArray, principal: String?): JsonObject {
        val own = ownContext(call, body)
        val taken = own.keys.filter { it in gateFields }
        require(taken.isEmpty()) { "the context of gated(\"$action\") holds ${taken.joinToString()}: these tell of the request itself" }
        return JsonObject(requestContext(call, body, principal) + own)
    }

    fun request(call: ApplicationCall, context: JsonObject, principal: String?, usualSummary: String) = ApprovalRequest(
        action,
        (summary(call) ?: usualSummary).cut(LONGEST_SUMMARY),
        reason(call),
        context,
        dedupKey(call),
        expiresIn,
        validFor,
        principal?.cut(LONGEST_REQUESTED_BY),
        editable = editable.filter { it in context },
    )

    private fun String.cut(length: Int) = if (this.length <= length) this else take(length - 1) + "…"

    private companion object {
        const val LONGEST_ACTION = 200
        const val LONGEST_SUMMARY = 500
        const val LONGEST_REQUESTED_BY = 200
    }
}

/** Marks the routes behind a gate, and chooses nothing; each gate has one of its own, so that two of them never share a route. */
internal class GatedSelector(private val action: String) : RouteSelector() {
    override suspend fun evaluate(context: RoutingResolveContext, segmentIndex: Int): RouteSelectorEvaluation =
        RouteSelectorEvaluation.Transparent

    override fun toString(): String = "(gated $action)"
}
