package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Doorbell
import dev.sesame.broker.store.Happened
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.milliseconds

/**
 * The live inbox: what happens to live requests from a cursor on, in commit order, each once.
 *
 * Like the decision feed it keeps nothing but its place in the events. It looks a few times a second at most, so that a flood costs a
 * thousand open inboxes no more than that; what came meanwhile is told at once.
 */
internal class FollowInbox(private val store: ApprovalStore, private val doorbell: Doorbell, private val closing: Deferred<Unit>) {
    /** What a follower is told; each call returns when it has been told. */
    interface Follower {
        /** Whether it may still be told anything. */
        suspend fun isWelcome(): Boolean

        suspend fun ready(seq: Long)

        suspend fun happened(batch: List<Happened>)

        suspend fun stillHere()
    }

    /** Where the events stand now. */
    suspend fun now(): Long = store.lastEvent()

    /** Whether [seq] can have been given out by this store. */
    suspend fun knows(seq: Long): Boolean = seq in 0..store.lastEvent()

    /** Follows from [after], or from now on where it is `null`, until the broker stops, [abort] completes or [follower] isn't welcome. */
    suspend fun follow(after: Long?, abort: Deferred<Unit>, follower: Follower) {
        doorbell.listening { rung ->
            var seq = after ?: store.lastEvent()
            follower.ready(seq)
            while (!closing.isCompleted && !abort.isCompleted && follower.isWelcome()) {
                val batch = store.happenedAfter(seq, BATCH)
                if (batch.isNotEmpty()) {
                    follower.happened(batch)
                    seq = batch.last().seq
                    withTimeoutOrNull(PACE) { abort.await() }
                } else if (!rung.ringsBefore(HEARTBEAT, closing, abort)) {
                    follower.stillHere()
                }
            }
        }
    }

    private companion object {
        val PACE = 250.milliseconds
        const val BATCH = 200
    }
}
