package dev.sesame.internal

import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** How long to wait before an attempt: full jitter below a bound that doubles from 0.25 s to 8 s. */
internal class Backoff(private val random: Random) {
    /** The delay after [failures] failed attempts in a row; never less than what the broker asked for. */
    fun delay(failures: Int, retryAfter: Duration?): Duration {
        val bound = if (failures > DOUBLINGS) LONGEST else (FIRST * (1 shl (failures - 1))).coerceAtMost(LONGEST)
        val jittered = bound * random.nextDouble()
        return if (retryAfter == null) jittered else retryAfter + jittered.coerceAtMost(FIRST)
    }

    /** From half of [delay] to one and a half of it. */
    fun about(delay: Duration): Duration = delay * (0.5 + random.nextDouble())

    private companion object {
        val FIRST = 250.milliseconds
        val LONGEST = 8.seconds
        const val DOUBLINGS = 6
    }
}
