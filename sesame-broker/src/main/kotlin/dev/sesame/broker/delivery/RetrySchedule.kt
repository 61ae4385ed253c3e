package dev.sesame.broker.delivery

import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * When a failed delivery is tried again: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, or after steps of another kind, each
 * ±20 %, so that what failed together doesn't come back together.
 *
 * A receiver's `Retry-After` takes the place of the step, within bounds: never sooner than the step's own lower bound, so that no receiver
 * draws attempts to itself, and never later than 24 h, so that none puts a delivery off for good. Up to 20 % is added to what it asked for.
 */
internal class RetrySchedule(private val random: Random, private val steps: List<Duration> = WEBHOOKS) {
    /** The wait after [failedAttempts] failed ones, 1 or more; `null` where the last attempt was made. */
    fun nextAfter(failedAttempts: Int, retryAfter: Duration?): Duration? {
        require(failedAttempts > 0) { "no attempt has failed yet, and $failedAttempts was given" }
        val step = steps.getOrNull(failedAttempts - 1) ?: return null
        if (retryAfter == null) return step * random.nextDouble(1 - JITTER, 1 + JITTER)
        return (retryAfter * random.nextDouble(1.0, 1 + JITTER)).coerceIn(step * (1 - JITTER), LONGEST_ASKED)
    }

    companion object {
        private val WEBHOOKS = listOf(5.seconds, 5.minutes, 30.minutes, 2.hours, 5.hours, 10.hours, 14.hours, 20.hours, 24.hours)
        private val LONGEST_ASKED = 24.hours
        private const val JITTER = 0.2
    }
}
