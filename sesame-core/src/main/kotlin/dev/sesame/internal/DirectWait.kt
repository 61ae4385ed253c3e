package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ProtocolException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Waits for one decision with a long poll of its own, held by the broker. */
internal class DirectWait(private val broker: BrokerCalls, private val retry: Retry, private val time: TimeSource) {
    /** The approval once it is terminal. A lost broker is waited for [atMost] so long, or until people's time is over; then that is thrown. */
    suspend fun await(id: String, atMost: Duration, check: (Approval) -> Unit): Approval {
        val start = time.markNow()
        var longest = atMost
        while (true) {
            val started = time.markNow()
            val approval = retry.until(start + longest) { broker.read(id, HOLD) }
            check(approval)
            if (approval.status.isTerminal) return approval
            longest = maxOf(longest, approval.timeToAnswer() ?: atMost) // somebody may have put its expiry off
            if ((start + longest).hasPassedNow()) throw ProtocolException("$id is still ${approval.status}, long after it must have ended")
            // Whatever the broker does, a poll a second is the most it gets from one wait.
            retry.pause((SPACING - started.elapsedNow()).coerceAtLeast(SHORTEST))
        }
    }

    private companion object {
        val HOLD = 25.seconds
        val SPACING = 1.seconds
        val SHORTEST = 1.milliseconds
    }
}
