package dev.sesame.broker.among

import dev.sesame.broker.store.Together
import java.time.Duration
import java.time.Instant
import java.time.InstantSource

/**
 * The time by which all brokers on one database judge: this machine's, set right by the database's. So a request expires for all of them at
 * once, whatever their own clocks say.
 */
internal class DatabaseClock(private val own: InstantSource) : InstantSource {
    @Volatile private var ahead: Duration = Duration.ZERO

    override fun instant(): Instant = own.instant() + ahead

    /** Asks the database for its time; the answer is taken to be from the middle of the asking. */
    suspend fun set(together: Together) {
        val before = own.instant()
        val there = together.time()
        val took = Duration.between(before, own.instant())
        ahead = Duration.ofMillis(Duration.between(before + took.dividedBy(2), there).toMillis())
    }
}
