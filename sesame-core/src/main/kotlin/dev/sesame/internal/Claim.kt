package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ExecutionState
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The right to run what was approved; [claim] is `null` where the broker hands out none. */
internal class Granted(val approval: Approval, val claim: Claim?)

/** One call's right to run [approval]: the claimant is new for every call, so that no other call is ever taken for it. */
internal class Claim(val approval: Approval, private val claimant: String) {
    lateinit var token: String

    /** The same body again renews, and gets the same token. */
    fun body(afterUnknown: Boolean): JsonObject = buildJsonObject {
        put("claimant", claimant)
        put("lease_seconds", LEASE.inWholeSeconds)
        put("context_hash", Asked.effectiveHash(approval))
        if (afterUnknown) put("after_unknown", true)
    }

    fun outcomeBody(outcome: ExecutionState, detail: String?): JsonObject = buildJsonObject {
        put("claim_token", token)
        put("outcome", outcome.value)
        detail?.let { put("detail", it) }
    }

    companion object {
        /** Long enough for a broker's restart, short enough that a crash shows soon. */
        val LEASE: Duration = 60.seconds
    }
}
