package dev.sesame.internal

import dev.sesame.AlreadyClaimedException
import dev.sesame.AlreadyDecidedException
import dev.sesame.AlreadyExecutedException
import dev.sesame.Approval
import dev.sesame.ApprovalLapsedException
import dev.sesame.ApprovalNotFoundException
import dev.sesame.BrokerUnavailableException
import dev.sesame.DedupConflictException
import dev.sesame.ExecutionUnknownException
import dev.sesame.InvalidRequestException
import dev.sesame.ProtocolException
import dev.sesame.RateLimitedException
import dev.sesame.SesameAuthException
import dev.sesame.SesameException
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException

/** What an answer other than 2xx means for the caller. The text of a body that isn't the broker's is never passed on. */
internal fun failure(status: Int, retryAfter: String?, body: String, id: String?): RuntimeException {
    val told = read(body)
    val said = told.detail ?: "the broker answered $status"
    val wait = retryAfter?.let(RetryAfter::parse)
    return when (status) {
        401, 403 -> SesameAuthException(told.code ?: if (status == 401) "unauthorized" else "forbidden", said)
        404 -> if (told.code == null) noBroker(status) else ApprovalNotFoundException(id.orEmpty())
        400, 413, 415, 422 -> InvalidRequestException(said, told.errors.associate { it.field to it.message })
        409 -> conflict(told, said, id.orEmpty())
        410 -> if (told.code == "cursor_expired") CursorExpired() else noBroker(status)
        429 -> Retryable(wait, RateLimitedException(said, wait))
        408, in 500..599 -> Retryable(wait, BrokerUnavailableException("$said (status $status)"))
        else -> noBroker(status)
    }
}

private fun conflict(told: Told, said: String, id: String): SesameException = when (told.code) {
    "dedup_conflict" -> DedupConflictException(told.approval?.dedupKey.orEmpty(), said)
    "already_decided" -> AlreadyDecidedException(told.approval, said)
    "already_claimed" -> AlreadyClaimedException(id)
    "already_executed" -> AlreadyExecutedException(id)
    "approval_lapsed" -> ApprovalLapsedException(id, told.approval?.validUntil)
    "outcome_unknown" -> ExecutionUnknownException(id)
    "claim_lost" -> ClaimLost(id)
    else -> ProtocolException("the broker refused: $said")
}

private fun noBroker(status: Int) = ProtocolException("the answer ($status) is none that a Sesame broker gives: is the address right?")

private fun read(body: String): Told = try {
    BrokerJson.read(Told.serializer(), body)
} catch (_: SerializationException) {
    Told()
}

/** The broker no longer takes this claim's word. */
internal class ClaimLost(id: String) : SesameException("the claim on $id is no longer ours")

@Serializable
private class Told(
    val code: String? = null,
    val detail: String? = null,
    val errors: List<FieldError> = emptyList(),
    val approval: Approval? = null,
)

@Serializable
private class FieldError(val field: String, val message: String)
