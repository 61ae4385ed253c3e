package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ExecutionState
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** The right to run what was approved; [claim] is `null` where the broker hands out none. */
internal class Granted(val approval: Approval, val claim: Claim?)

/** One call's right to run [approval]: the claimant is new for every call, so that no other call is ever taken for it. */
internal class Claim(val approval: Approval, private val claimant: String, val lease: Duration, private val time: TimeSource) {
    /** What the broker granted; `null` before it did. */
    @Volatile var token: String? = null
    private var asked = time.markNow()

    /** Counted from the asking, by this process' own clock: it lapses here no later than at the broker. */
    val hasLapsed: Boolean get() = asked.elapsedNow() >= lease

    /** Until it is time to renew; nothing where that time is over. */
    val untilRenewal: Duration get() = (lease / 3 - asked.elapsedNow()).coerceAtLeast(Duration.ZERO)

    /** It is being asked for now, or again. */
    fun isAsked() {
        asked = time.markNow()
    }

    /** The same body again renews, and gets the same token. */
    fun body(afterUnknown: Boolean): JsonObject = buildJsonObject {
        put("claimant", claimant)
        put("lease_seconds", lease.inWholeSeconds)
        put("context_hash", Asked.effectiveHash(approval))
        if (afterUnknown) put("after_unknown", true)
    }

    fun outcomeBody(outcome: ExecutionState, detail: String?): JsonObject = buildJsonObject {
        put("claim_token", checkNotNull(token) { "${approval.id} was not granted" })
        put("outcome", outcome.value)
        detail?.let { put("detail", it) }
    }

    companion object {
        /** Long enough for a broker's restart, short enough that a crash shows soon. */
        val LEASE: Duration = 60.seconds
    }
}
