package dev.sesame.broker.approval

import dev.sesame.broker.store.WakeUp
import dev.sesame.rules.ApprovalRecord
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.time.InstantSource
import kotlin.time.TimeSource
import kotlin.time.toKotlinDuration
import kotlin.time.Duration as Span

/**
 * Holds a call until the approval is decided, the time is over, the broker stops ([closing]) or the caller's own `abort` completes; then says
 * what stands.
 *
 * No wake-up is lost: first listen, then read, then suspend. A caller who leaves is cancelled, and so frees its place.
 */
internal class AwaitDecision(
    private val read: ReadApproval,
    private val wakeUp: WakeUp,
    private val closing: Closing,
    private val clock: InstantSource,
    private val time: TimeSource,
) {
    suspend fun await(id: String, atMost: Span, abort: Deferred<Unit>, mayRead: (ApprovalRecord) -> Boolean): ApprovalRecord? =
        wakeUp.listening(id) { woken ->
            val end = time.markNow() + atMost
            val stop = closing.wave()
            var record = read.find(id, mayRead)
            while (record != null && !record.status.isTerminal && !end.hasPassedNow() && !stop.isCompleted && !abort.isCompleted) {
                val toEnd = Duration.between(clock.instant(), record.question.endsAt).toKotlinDuration()
                withTimeoutOrNull(minOf(-end.elapsedNow(), toEnd).coerceAtLeast(SHORTEST)) {
                    select {
                        woken.onReceive { }
                        stop.onAwait { }
                        abort.onAwait { }
                    }
                }
                record = read.find(id, mayRead)
            }
            record
        }

    private companion object {
        /** The wall clock may lag behind the timer by a little: then look again shortly, not at once. */
        val SHORTEST = with(Span) { 5.milliseconds }
    }
}
