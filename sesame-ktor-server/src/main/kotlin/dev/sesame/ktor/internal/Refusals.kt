package dev.sesame.ktor.internal

import dev.sesame.AlreadyClaimedException
import dev.sesame.AlreadyExecutedException
import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalExpiredException
import dev.sesame.ApprovalLapsedException
import dev.sesame.ApprovalNotFoundException
import dev.sesame.ApprovalWithdrawnException
import dev.sesame.DedupConflictException
import dev.sesame.ExecutionUnknownException
import dev.sesame.InvalidRequestException
import dev.sesame.RateLimitedException
import dev.sesame.SesameException
import io.ktor.server.application.ApplicationCall
import org.slf4j.LoggerFactory
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

/** Answers with what [failure] means for the caller; the handler was not reached. */
internal suspend fun ApplicationCall.respondRefusal(failure: SesameException) {
    val problem = refusal(failure)
    if (problem.status == UNAVAILABLE) respondUnavailable(failure.message.orEmpty(), problem) else respondProblem(problem)
}

/** Faults between this server and its broker are the operator's to see, not the caller's. */
internal suspend fun ApplicationCall.respondUnavailable(why: String, problem: Problem = unavailable(null)) {
    log.warn("A gated request was not passed on: {}", why)
    respondProblem(problem)
}

private fun refusal(failure: SesameException): Problem = when (failure) {
    is ApprovalExpiredException -> Problem(410, "expired", "nobody answered in time", failure.approval.id)

    is ApprovalDeniedException ->
        Problem(403, "denied", "${whoDenied(failure)} said no" + failure.note?.let { ": $it" }.orEmpty(), failure.approval.id, failure.note)

    is ApprovalWithdrawnException -> Problem(410, "cancelled", "the question was taken back", failure.approval.id)

    is ApprovalLapsedException -> conflict("approval_lapsed", "approved, but not used in time: ask anew", failure.approvalId)

    is AlreadyClaimedException -> conflict("already_claimed", "another call with this approval is running now", failure.approvalId)

    is AlreadyExecutedException -> conflict("already_executed", "this approval was used: each one is for one run", failure.approvalId)

    is ExecutionUnknownException ->
        conflict("outcome_unknown", "an earlier run ended without a word: a person has to look", failure.approvalId)

    is DedupConflictException -> conflict("dedup_conflict", "the same dedup key stands for another request")

    is ApprovalNotFoundException -> notFound

    is InvalidRequestException -> Problem(422, "invalid", failure.message.orEmpty())

    is RateLimitedException -> unavailable(failure)

    else -> unavailable(null)
}

private fun whoDenied(failure: ApprovalDeniedException) = if (failure.approval.decision?.via == "policy") "the policy" else "a person"

private fun conflict(code: String, detail: String, approvalId: String? = null) = Problem(409, code, detail, approvalId)

private fun unavailable(failure: RateLimitedException?): Problem {
    val retryAfter = failure?.retryAfter?.toKotlinDuration() ?: RETRY_AFTER
    return Problem(UNAVAILABLE, "unavailable", "approvals can't be asked or checked now", retryAfter = retryAfter)
}

private const val UNAVAILABLE = 503
private val RETRY_AFTER = 5.seconds
private val log = LoggerFactory.getLogger("dev.sesame.ktor")
