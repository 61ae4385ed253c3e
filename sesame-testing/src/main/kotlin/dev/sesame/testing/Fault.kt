package dev.sesame.testing

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

/** What goes wrong with a call, for [FakeBroker.fail]. */
public class Fault private constructor(internal val what: What, internal val length: Duration = Duration.ZERO) {
    internal enum class What { LOSE_ANSWER, DROP, UNAVAILABLE, DELAY }

    internal val seconds: Int? get() = length.inWholeSeconds.toInt().takeIf { what == What.UNAVAILABLE }

    /** For messages. */
    override fun toString(): String = when (what) {
        What.LOSE_ANSWER -> "a lost answer"
        What.DROP -> "a dropped connection"
        What.UNAVAILABLE -> "a 503"
        What.DELAY -> "a delay of $length"
    }

    /** The faults. */
    public companion object {
        /** The call takes effect, but its answer never arrives: the connection breaks instead. */
        @JvmField public val LOSE_ANSWER: Fault = Fault(What.LOSE_ANSWER)

        /** The connection breaks before the call takes effect. */
        @JvmField public val DROP: Fault = Fault(What.DROP)

        /** The call has no effect; the answer is 503 `unavailable`, with a `Retry-After` of 1 s. */
        @JvmField public val UNAVAILABLE: Fault = Fault(What.UNAVAILABLE, 1.seconds)

        /** The call takes effect only after [length], 0 or more: of the machine's time, or the scheduler's where the broker's clock follows one. */
        @JvmSynthetic
        public fun delay(length: Duration): Fault {
            require(!length.isNegative()) { "a delay is 0 or more, not $length" }
            return Fault(What.DELAY, length)
        }

        /** The same for callers in Java. */
        @JvmStatic
        public fun delay(length: java.time.Duration): Fault = delay(length.toKotlinDuration())
    }
}
