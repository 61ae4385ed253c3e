package dev.sesame.broker.approval

import dev.sesame.broker.access.Caller
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Decided
import dev.sesame.broker.store.WakeUp
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * The decision feed: a requester's decisions from a cursor on, in commit order, each once.
 *
 * It keeps nothing but its place in the events, so a slow reader costs no memory: it is read to at its own pace. To lose nothing, it listens
 * before it looks where it stands. It is woken, by requester, for its own decisions alone: other programs' cost it nothing.
 */
internal class FollowDecisions(private val store: ApprovalStore, private val wakeUp: WakeUp, private val closing: Closing) {
    /** What a follower is told; each call returns when it has been told. */
    interface Follower {
        suspend fun ready(seq: Long)

        suspend fun decided(batch: List<Decided>)

        suspend fun stillHere()
    }

    /** Whether [seq] can have been given out by this store. */
    suspend fun knows(seq: Long): Boolean = seq in 0..store.lastEvent()

    /** Follows from [after], or from now on where it is `null`, until the broker stops or [abort] completes. */
    suspend fun follow(caller: Caller.AsRequester, after: Long?, abort: Deferred<Unit>, follower: Follower) {
        wakeUp.listening(caller.requester.id) { woken ->
            val stop = closing.wave()
            var seq = after ?: store.lastEvent()
            follower.ready(seq)
            while (!stop.isCompleted && !abort.isCompleted) {
                val batch = store.decidedAfter(seq, caller.requester.id, caller.key.mode, BATCH)
                if (batch.isNotEmpty()) {
                    follower.decided(batch)
                    seq = batch.last().seq
                }
                // What came since it looked has woken it, or will.
                if (batch.size < BATCH && !woken.ringsBefore(HEARTBEAT, stop, abort)) follower.stillHere()
            }
        }
    }

    private companion object {
        /** One write a batch; what is not in it comes with the next. */
        const val BATCH = 500
    }
}

/** Within how long a follower hears that the stream lives. */
internal val HEARTBEAT = 15.seconds

/** Whether one of them completes, or the bell rings, before [time] is over; `false`: nothing happened. */
internal suspend fun ReceiveChannel<Unit>.ringsBefore(time: Duration, vararg ends: Deferred<Unit>): Boolean = withTimeoutOrNull(time) {
    select {
        onReceive { true }
        ends.forEach { end -> end.onAwait { true } }
    }
} ?: false
