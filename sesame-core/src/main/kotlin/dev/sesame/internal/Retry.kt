package dev.sesame.internal

import dev.sesame.SesameClosedException
import dev.sesame.SesameListener
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** Tries a call again while that may help and there is time. */
internal class Retry(
    private val backoff: Backoff,
    private val budget: RetryBudget,
    private val closing: Deferred<Unit>,
    private val listener: SesameListener,
    private val time: TimeSource,
) {
    /** Until [end] passes; after that the last failure is thrown. `null` has no end of its own. */
    suspend fun <T> until(end: TimeMark?, call: suspend () -> T): T {
        var failures = 0
        while (true) {
            val failure = try {
                return call()
            } catch (problem: Retryable) {
                problem
            }
            val delay = backoff.delay(++failures, failure.retryAfter) + budget.take()
            if (end != null && (end + -delay).hasPassedNow()) throw failure.final
            listener.retried(failure.message.orEmpty(), delay)
            pause(delay)
        }
    }

    /** For as long as a call that isn't a wait may be tried. */
    suspend fun <T> within(atMost: Duration, call: suspend () -> T): T = until(time.markNow() + atMost, call)

    fun ensureOpen() {
        if (closing.isCompleted) throw SesameClosedException()
    }

    /** Waits for about so long: clients whose streams were cut together don't come back together. */
    suspend fun pauseAbout(delay: Duration): Unit = pause(backoff.about(delay))

    /** Waits, unless the client is closed meanwhile. */
    suspend fun pause(delay: Duration) {
        if (withTimeoutOrNull(delay) { closing.await() } != null) throw SesameClosedException()
    }
}

/** Spreads the retries of all waits of a client: after an outage thousands don't come back in one moment. */
internal class RetryBudget(private val time: TimeSource.WithComparableMarks) {
    private var next = time.markNow()

    /** How much longer this retry has to wait for its turn. */
    @Synchronized
    fun take(): Duration {
        val now = time.markNow()
        val earliest = now - BURST
        next = maxOf(next, earliest) + SPACING
        return (next - now).coerceAtLeast(Duration.ZERO)
    }

    private companion object {
        const val PER_SECOND = 250
        val SPACING = 1.seconds / PER_SECOND

        /** So many may go at once after a quiet time. */
        val BURST = SPACING * 500
    }
}
