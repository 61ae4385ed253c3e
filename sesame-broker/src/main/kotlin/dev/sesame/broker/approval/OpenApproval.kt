package dev.sesame.broker.approval

import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Ids
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.internal.CanonicalJson
import dev.sesame.rules.Question
import kotlinx.serialization.json.JsonObject
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.time.temporal.ChronoUnit

/** Opens a request, or finds the one that its dedup key stands for already. When it returns, it is on disk. */
internal class OpenApproval(
    private val adjudicate: Adjudicate,
    private val store: ApprovalStore,
    private val ids: Ids,
    private val clock: InstantSource,
    private val maxPending: Int,
) {
    suspend fun open(asked: Asked, caller: Caller.AsRequester): Opened {
        val known = asked.dedupKey?.let { store.findByDedupKey(caller.requester.id, caller.key.mode, it) } != null
        if (!known && store.countPending(caller.requester.id, caller.key.mode, maxPending) >= maxPending) throw TooManyPending(maxPending)
        return adjudicate.open(question(asked, caller))
    }

    private fun question(asked: Asked, caller: Caller.AsRequester): Question {
        val now = clock.instant().truncatedTo(ChronoUnit.MILLIS)
        return Question(
            id = ids.approval(),
            mode = caller.key.mode,
            requesterId = caller.requester.id,
            requesterLabel = caller.requester.name,
            action = asked.action,
            summary = asked.summary,
            reason = asked.reason,
            context = asked.context,
            requestHash = CanonicalJson.requestHash(asked.action, asked.context),
            callbackUrl = asked.callbackUrl,
            dedupKey = asked.dedupKey,
            createdAt = now,
            expiresAt = asked.expiresAt ?: (now + asked.expiresIn),
            validForSeconds = asked.validFor.seconds,
            requestedBy = asked.requestedBy,
            riskScore = asked.riskScore,
        )
    }
}

/** What a requester asks, with every limit checked. */
internal data class Asked(
    val action: String,
    val summary: String,
    val reason: String?,
    val context: JsonObject,
    val callbackUrl: String?,
    val dedupKey: String?,
    val expiresIn: Duration,
    val expiresAt: Instant?,
    val validFor: Duration,
    val requestedBy: String?,
    val riskScore: Double?,
)

/** The requester has [limit] questions open: people must answer some first. */
internal class TooManyPending(val limit: Int) : RuntimeException("at most $limit requests may be open at once")
