package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.GateDecision
import dev.sesame.GateOutcome
import dev.sesame.SesameException
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration

/**
 * The calls of the wire contract, one attempt each.
 *
 * They throw a `SesameException` where trying again is of no use, [Retryable] where it may be.
 */
internal interface BrokerCalls : AutoCloseable {
    /** What the broker has said it can do, ever: a feature once seen is never gone without again. */
    val features: Set<String>

    suspend fun open(body: JsonObject): Approval

    /** Reads; with [hold], the broker holds the call so long or until the decision. */
    suspend fun read(id: String, hold: Duration? = null): Approval

    suspend fun cancel(id: String): Approval

    suspend fun claim(id: String, body: JsonObject): ClaimGrant

    suspend fun report(id: String, body: JsonObject): Approval

    /** The signed proof of the decision. */
    suspend fun receipt(id: String): String

    /** What the policy says. */
    suspend fun check(body: JsonObject): ToldDecision

    suspend fun decide(id: String, body: JsonObject): Approval

    suspend fun extend(id: String, body: JsonObject): Approval

    /** A page of `/v1/approvals` or `/v1/inbox`. */
    suspend fun list(path: String, query: Map<String, String>): ApprovalPage

    /**
     * Follows the decision feed after [cursor], or from now on, and returns when the stream ended or fell silent: for [readyWithin] before it was
     * ready, for [silence] later. [CursorExpired] where it can't go on from there.
     */
    suspend fun follow(cursor: String?, readyWithin: Duration, silence: Duration, onEvent: suspend (FeedEvent) -> Unit)
}

/** The stream is ready ([approval] is `null`), or tells of a decision; [cursor] is where to go on from. */
internal class FeedEvent(val cursor: String?, val approval: Approval?)

/** The feed can't go on from that cursor: begin anew, and read what is waited for. */
internal class CursorExpired : SesameException("the feed's cursor is too old")

/** The right to run, as the broker granted it. */
@Serializable
internal class ClaimGrant(@SerialName("claim_token") val token: String, val approval: Approval)

/** The answer that carries a receipt. */
@Serializable
internal class SignedReceipt(val receipt: String)

/** What a policy says, as it stands on the wire. */
@Serializable
internal class ToldDecision(
    private val outcome: String,
    @SerialName("reason_code") private val reasonCode: String,
    private val reason: String,
    private val rule: String? = null,
) {
    fun toGateDecision() = GateDecision(GateOutcome.of(outcome), reasonCode, reason, rule)
}

/** One page of a list. */
@Serializable
internal class ApprovalPage(val approvals: List<Approval>, @SerialName("next_cursor") val nextCursor: String? = null)

/** This attempt failed in a way that another may not. [final] is what to throw when there is no time for another. */
internal class Retryable(val retryAfter: Duration?, val final: SesameException) : RuntimeException(final.message, final)
