package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ProtocolException
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** Waits for one decision with a long poll of its own, held by the broker. */
internal class DirectWait(private val broker: BrokerCalls, private val retry: Retry, private val time: TimeSource) {
    /** The approval once it is terminal. A lost broker is waited for until [end], then that is thrown. */
    suspend fun await(asked: Approval, end: TimeMark, check: (Approval) -> Unit): Approval {
        var approval = asked
        while (!approval.status.isTerminal) {
            val started = time.markNow()
            approval = retry.until(end) { broker.read(asked.id, HOLD) }
            check(approval)
            if (!approval.status.isTerminal && end.hasPassedNow()) {
                throw ProtocolException("${asked.id} is still ${approval.status}, long after it must have ended")
            }
            // Whatever the broker does, a poll a second is the most it gets from one wait.
            if (!approval.status.isTerminal) retry.pause((SPACING - started.elapsedNow()).coerceAtLeast(SHORTEST))
        }
        return approval
    }

    private companion object {
        val HOLD = 25.seconds
        val SPACING = 1.seconds
        val SHORTEST = 1.milliseconds
    }
}
