package dev.sesame.internal

import dev.sesame.ApprovalTimeoutException
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.TimeSource

/** The time a caller gives: for asking, waiting and claiming together, never for the block. */
internal class CallerTime(private val timeout: Duration?, time: TimeSource) {
    private val end = timeout?.let { time.markNow() + it }

    /** `null` was given: there is no end. */
    val isUnbounded: Boolean get() = timeout == null

    /** Runs [step] within what is left; then `ApprovalTimeoutException`, which unlike a coroutine's timeout is no cancellation. */
    suspend fun <T : Any> bound(approvalId: String?, step: suspend () -> T): T {
        if (end == null || timeout == null) return step()
        return withTimeoutOrNull(-end.elapsedNow()) { step() } ?: throw ApprovalTimeoutException(approvalId, timeout)
    }
}
