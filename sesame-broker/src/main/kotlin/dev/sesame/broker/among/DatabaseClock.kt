package dev.sesame.broker.among

import dev.sesame.broker.store.Together
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.time.temporal.ChronoUnit
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/**
 * The time by which all brokers on one database judge: the database's, as last asked, and what has passed since. So a request expires for all
 * of them at once, whatever their own clocks say.
 *
 * What has passed is told by [time] and by this machine's clock, of which the one that is ahead counts: a clock that is set back, or time that
 * stood still while the machine was suspended, never makes a late vote one in time.
 */
internal class DatabaseClock(private val own: InstantSource, private val time: TimeSource = TimeSource.Monotonic) : InstantSource {
    private class Known(val there: Instant, val here: Instant, val mark: TimeMark)

    @Volatile private var known: Known? = null

    override fun instant(): Instant {
        val last = known ?: return own.instant()
        val passed = maxOf(last.mark.elapsedNow().toJavaDuration(), Duration.between(last.here, own.instant()))
        return (last.there + passed).truncatedTo(ChronoUnit.MILLIS)
    }

    /** How far this machine's clock is ahead of the database's, which a negative one is behind. */
    fun ahead(): Duration = Duration.between(instant(), own.instant())

    /** Asks the database for its time; the answer is taken to be from the middle of the asking, and one that took long tells too little. */
    suspend fun set(together: Together) {
        val asked = time.markNow()
        val there = together.time()
        val took = asked.elapsedNow()
        if (known != null && took > SLOW) return
        known = Known(there + (took / 2).toJavaDuration(), own.instant(), time.markNow())
    }

    private companion object {
        val SLOW = 250.milliseconds
    }
}
