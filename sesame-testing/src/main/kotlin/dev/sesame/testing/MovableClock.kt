package dev.sesame.testing

import dev.sesame.testing.internal.BrokerTime
import dev.sesame.testing.internal.StandingTime
import java.time.Clock
import java.time.Instant
import java.time.ZoneId
import java.time.ZoneOffset
import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/**
 * The time of a [FakeBroker]: it stands still until a test moves it. In a `runTest`, take `MovableClock.following(testScheduler)`, whose time
 * passes with the scheduler's.
 *
 * It is the broker's alone: a client's own timeouts and a held read's seconds are the machine's, unless the clock follows a scheduler. As a
 * `java.time.Clock` it also serves a `WebhookVerifier`. Thread-safe.
 */
public class MovableClock internal constructor(internal val time: BrokerTime) : Clock() {
    /** A clock that stands at [start], by default the moment at which it is made, to the millisecond. */
    @JvmOverloads
    public constructor(start: Instant = Instant.ofEpochMilli(System.currentTimeMillis())) : this(StandingTime(start))

    /** Lets [by] pass, 0 or more. When it returns, what fell due on the way has expired or been answered, and waits are being told. */
    @JvmSynthetic
    public fun advance(by: Duration) {
        require(!by.isNegative()) { "time doesn't go back: $by" }
        time.advance(by)
    }

    /** The same for callers in Java. */
    public fun advance(by: java.time.Duration): Unit = advance(by.toKotlinDuration())

    /** What time it is for the broker. */
    override fun instant(): Instant = time.now()

    /** UTC. */
    override fun getZone(): ZoneId = ZoneOffset.UTC

    /** The same time, for who reckons in another zone; it moves with this one. */
    override fun withZone(zone: ZoneId): Clock = Zoned(this, zone)

    /** For logs. */
    override fun toString(): String = "MovableClock(${instant()})"

    private class Zoned(private val clock: Clock, private val zone: ZoneId) : Clock() {
        override fun instant(): Instant = clock.instant()

        override fun getZone(): ZoneId = zone

        override fun withZone(zone: ZoneId): Clock = Zoned(clock, zone)
    }

    /** For `MovableClock.following`. */
    public companion object
}
