package dev.sesame.broker.access

import kotlin.time.ComparableTimeMark
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.TimeSource

/**
 * How often signing in may fail, from one address and in all; beyond that every attempt is refused for a while, a right one too.
 *
 * A link can't be guessed in any number of attempts. This keeps the attempts from costing much, and makes them seen.
 */
internal class SignInAttempts(private val time: TimeSource.WithComparableMarks) {
    private class Failures(val until: ComparableTimeMark) {
        var count = 0
    }

    private val failures = HashMap<String, Failures>()
    private var mayForget = time.markNow()

    /** How long [address] has to wait; `null` where it may try. */
    @Synchronized
    fun waitOf(address: String): Duration? = listOfNotNull(left(address, FROM_ONE), left(ALL, IN_ALL)).maxOrNull()

    @Synchronized
    fun failed(address: String) {
        if (failures.size >= MOST_ADDRESSES && mayForget.hasPassedNow()) {
            failures.values.removeIf { it.until.hasPassedNow() }
            mayForget = time.markNow() + 1.minutes // going through all of them at each failure would cost more than the failure
        }
        if (address in failures || failures.size < MOST_ADDRESSES) count(address, 15.minutes)
        count(ALL, 1.minutes)
    }

    private fun count(name: String, length: Duration) {
        val known = failures[name]?.takeUnless { it.until.hasPassedNow() }
        (known ?: Failures(time.markNow() + length).also { failures[name] = it }).count++
    }

    private fun left(name: String, limit: Int): Duration? =
        failures[name]?.takeIf { it.count >= limit && !it.until.hasPassedNow() }?.let { -it.until.elapsedNow() }

    companion object {
        const val FROM_ONE = 10
        const val IN_ALL = 300
        private const val MOST_ADDRESSES = 10_000

        /** No address is called so. */
        private const val ALL = ""
    }
}
