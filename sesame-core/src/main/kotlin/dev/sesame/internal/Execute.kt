package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.ApprovalTimeoutException
import dev.sesame.BrokerUnavailableException
import dev.sesame.ExecutionState
import dev.sesame.ProtocolException
import dev.sesame.SesameException
import dev.sesame.SesameListener
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration.between
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

/**
 * Claim, run, report: the way from a yes to the block.
 *
 * Where the broker claims, nothing here reaches the block without a claim. While the block runs, the claim is renewed at a third of its lease.
 * What became of the run is told to the broker; a report that can't be delivered never turns a success into an exception.
 */
internal class Execute(
    private val broker: BrokerCalls,
    private val retry: Retry,
    private val listener: SesameListener,
    private val scope: CoroutineScope,
    private val requireClaim: Boolean,
    private val newClaim: (Approval) -> Claim,
) {
    /** The right to run where the broker hands out no claims: maybe more than once, if others do the same. */
    suspend fun unclaimed(approval: Approval): Granted {
        if (approval.status != ApprovalStatus.APPROVED) throw ProtocolException("${approval.id} is ${approval.status}, not approved")
        Asked.ensureWhole(approval)
        if (requireClaim) throw ProtocolException("${approval.id} was not run: this broker hands out no claims, and requireClaim is set")
        ensureWanted()
        return Granted(approval, claim = null)
    }

    /**
     * Takes the right to run [approval], trying for as long as it is valid.
     *
     * A process that stood still while the answer was on its way may wake up after its lease, when others were told that the outcome is unknown.
     * Then it says that it ran nothing and claims anew; what stands by then is what the caller gets.
     */
    suspend fun claim(approval: Approval, afterUnknown: Boolean, callerTime: CallerTime, check: (Approval) -> Unit): Granted {
        var isFirst = true
        repeat(CLAIMS) {
            val claim = try {
                claimOnce(approval, afterUnknown && isFirst, callerTime, check)
            } catch (_: ClaimLost) {
                null // A try without an answer was granted, and an admin settled it meanwhile as having done nothing.
            }
            if (claim?.hasLapsed == false) return Granted(approval, claim)
            claim?.let { handBack(it, callerTime) }
            isFirst = false
        }
        throw BrokerUnavailableException("${approval.id} was not run: its claim lapsed or was settled each time it was granted; call again")
    }

    private suspend fun claimOnce(approval: Approval, afterUnknown: Boolean, callerTime: CallerTime, check: (Approval) -> Unit): Claim {
        if (approval.status != ApprovalStatus.APPROVED) throw ProtocolException("${approval.id} is ${approval.status}, not approved")
        Asked.ensureWhole(approval)
        val claim = newClaim(approval)
        var isUnanswered = false
        try {
            val grant = callerTime.bound(approval.id) {
                retry.within(validity(approval)) {
                    try {
                        claim.isAsked()
                        broker.claim(approval.id, claim.body(afterUnknown))
                    } catch (problem: Retryable) {
                        if (problem.final is BrokerUnavailableException) isUnanswered = true
                        throw problem
                    }
                }
            }
            claim.token = grant.token
            check(grant.approval)
            checkSame(approval, grant.approval)
            ensureWanted()
            return claim
        } catch (problem: Exception) { // it goes on to the caller
            if (problem !is ClaimLost && (isUnanswered || mayHaveBeenGranted(problem))) giveBack(claim)
            throw problem
        }
    }

    private fun checkSame(approved: Approval, granted: Approval) {
        if (granted.redacted.isNotEmpty()) throw Asked.leftOut(granted)
        if (granted.status == approved.status && Asked.effectiveHash(granted) == Asked.effectiveHash(approved)) return
        throw ProtocolException("${approved.id}: the claim was granted on something else than was approved")
    }

    /** The last look before the block: nobody left, and nobody closed the client, while the answer was read. */
    private suspend fun ensureWanted() {
        currentCoroutineContext().ensureActive()
        retry.ensureOpen()
    }

    /** Runs [block] in the caller's own coroutine, and tells the broker how it ended. */
    suspend fun <T> run(granted: Granted, safeToRetry: (Throwable) -> Boolean, block: suspend (Approval) -> T): T {
        val running = begin(granted)
        val result = try {
            block(granted.approval)
        } catch (problem: Throwable) { // it goes on to the caller; here it only says what to tell the broker
            besideCaller(running.failed(problem, safeToRetry))
            throw problem
        }
        besideCaller(running.succeeded())
        return result
    }

    /**
     * The block starts now: from here on its claim is renewed, until the run says how it ended. Where the start was put off for longer than the
     * lease, [BrokerUnavailableException], and the claim is given back.
     */
    fun begin(granted: Granted): Running {
        if (granted.claim?.hasLapsed == true) {
            giveBack(granted.claim)
            throw BrokerUnavailableException("${granted.approval.id} was not run: its claim lapsed before the start; call again")
        }
        return Running(granted.claim, granted.claim?.let { scope.launch { renew(it) } })
    }

    /** What runs, or is thought to. */
    inner class Running(private val claim: Claim?, private val renewal: Job?) {
        /** The block returned. The job is the report under way; it is tried on for as long as it may be of use. */
        fun succeeded(): Job? = end(ExecutionState.SUCCEEDED, detail = null)

        /** The block threw: it did nothing where the caller says so, else nobody knows. */
        fun failed(problem: Throwable, safeToRetry: (Throwable) -> Boolean): Job? {
            val didNothing = problem !is CancellationException && isSafe(problem, safeToRetry)
            return end(if (didNothing) ExecutionState.FAILED else ExecutionState.UNKNOWN, problem.javaClass.simpleName)
        }

        /** Where the caller's own judgement fails, the outcome is unknown, and still told. */
        private fun isSafe(problem: Throwable, safeToRetry: (Throwable) -> Boolean): Boolean = try {
            safeToRetry(problem)
        } catch (another: Throwable) {
            if (another !== problem) problem.addSuppressed(another)
            false
        }

        private fun end(outcome: ExecutionState, detail: String?): Job? {
            renewal?.cancel()
            return claim?.let { report(it, outcome, detail) }
        }
    }

    private suspend fun besideCaller(reporting: Job?) {
        withContext(NonCancellable) { withTimeoutOrNull(REPORT_BESIDE_CALLER) { reporting?.join() } }
    }

    private fun validity(approval: Approval): Duration {
        val from = approval.decidedAt ?: return USUAL_VALIDITY
        return between(from, approval.validUntil ?: return USUAL_VALIDITY).toKotlinDuration()
    }

    /** A refusal is certain; everything else, the caller's leaving among it, leaves open whether the broker granted it. */
    private fun mayHaveBeenGranted(problem: Exception) =
        problem !is SesameException || problem is BrokerUnavailableException || problem is ProtocolException ||
            problem is ApprovalTimeoutException

    /** Says that nothing was run. The same claimant gets the same token, so asking again makes sure that there is one to give back. */
    fun giveBack(claim: Claim) {
        scope.launch {
            withTimeoutOrNull(GIVE_BACK) {
                ignoringRefusal {
                    claim.token =
                        claim.token ?: retry.within(GIVE_BACK) { broker.claim(claim.approval.id, claim.body(afterUnknown = false)) }.token
                    reportNothing(claim, "not run: the caller gave up")
                }
            }
        }
    }

    /** The broker takes it although the lease is over, unless somebody was given a newer claim or an admin settled it: then that stands. */
    private suspend fun handBack(claim: Claim, callerTime: CallerTime) {
        try {
            ignoringRefusal { callerTime.bound(claim.approval.id) { reportNothing(claim, "not run: the process stood still") } }
        } catch (leaving: CancellationException) {
            giveBack(claim)
            throw leaving
        }
    }

    private suspend fun reportNothing(claim: Claim, why: String) {
        val nothing = claim.outcomeBody(ExecutionState.FAILED, why)
        retry.within(GIVE_BACK) { broker.report(claim.approval.id, nothing) }
    }

    /** A renewal that fails is tried again a third later; a lease that lapses meanwhile shows as unknown until the report comes. */
    private suspend fun renew(claim: Claim) {
        val third = claim.lease / 3
        ignoringRefusal {
            retry.pause(claim.untilRenewal)
            while (true) {
                ignoringRefusal { retry.within(third) { broker.claim(claim.approval.id, claim.body(afterUnknown = false)) } }
                retry.pause(third)
            }
        }
    }

    private fun report(claim: Claim, outcome: ExecutionState, detail: String?): Job {
        val reporting = scope.launch {
            try {
                retry.within(REPORT_AT_MOST) { broker.report(claim.approval.id, claim.outcomeBody(outcome, detail)) }
            } catch (_: SesameException) {
                listener.unreported(claim.approval, outcome)
            }
        }
        // Closing the client ends it unheard.
        reporting.invokeOnCompletion { cause -> if (cause != null) listener.unreported(claim.approval, outcome) }
        return reporting
    }

    private suspend fun ignoringRefusal(step: suspend () -> Unit) {
        try {
            step()
        } catch (_: SesameException) {
            // The broker's word stands; there is nothing more to do about it here.
        }
    }

    companion object {
        /** So often a claim is taken in one call; who stands still that often has no use for another. */
        private const val CLAIMS = 5
        private val USUAL_VALIDITY = 24.hours
        private val GIVE_BACK = 10.seconds

        /** So long a caller's return waits for the report; it is tried on beside. */
        val REPORT_BESIDE_CALLER = 5.seconds
        private val REPORT_AT_MOST = 15.minutes
    }
}
