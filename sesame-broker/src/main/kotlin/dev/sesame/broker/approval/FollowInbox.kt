package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Doorbell
import dev.sesame.broker.store.Happened
import dev.sesame.broker.store.SharedRead
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * The live inbox: what happens to live requests from a cursor on, in commit order, each once.
 *
 * Like the decision feed it keeps nothing but its place in the events. It looks a few times a second at most, so that a flood costs a
 * thousand open inboxes no more than that; what came meanwhile is told at once. Those who stand at the same place look together: they are
 * rung at the same time, and their heartbeats fall on the same moments.
 */
internal class FollowInbox(
    private val store: ApprovalStore,
    private val doorbell: Doorbell,
    private val closing: Closing,
    private val time: TimeSource,
) {
    /** What a follower is told; each call returns when it has been told. */
    interface Follower {
        /** Whether it may still be told anything. */
        suspend fun isWelcome(): Boolean

        suspend fun ready(seq: Long)

        suspend fun happened(batch: List<Happened>)

        suspend fun stillHere()
    }

    /**
     * Where followers run: else whoever commits would run a part of each before its own answer is sent. One at a time, so that calls have
     * the other processors.
     */
    private val aside = Dispatchers.Default.limitedParallelism(1)
    private val begun: TimeMark = time.markNow()
    private val news = SharedRead<Long, List<Happened>> { places ->
        // Nearly always it is one; who reads slowly has fallen back to others.
        coroutineScope { places.map { async { it to store.happenedAfter(it, BATCH) } }.awaitAll().toMap() }
    }

    /** Where the events stand now. */
    suspend fun now(): Long = store.lastEvent()

    /** Whether [seq] can have been given out by this store. */
    suspend fun knows(seq: Long): Boolean = seq in 0..store.lastEvent()

    /** Follows from [after], or from now on where it is `null`, until the broker stops, [abort] completes or [follower] isn't welcome. */
    suspend fun follow(after: Long?, abort: Deferred<Unit>, follower: Follower) {
        withContext(aside) {
            doorbell.listening { rung ->
                val seq = after ?: store.lastEvent()
                follower.ready(seq)
                follow(seq, rung, abort, follower)
            }
        }
    }

    private suspend fun follow(after: Long, rung: ReceiveChannel<Unit>, abort: Deferred<Unit>, follower: Follower) {
        val stop = closing.wave()
        var seq = after
        var rest = begun
        var isAlone = true // until it has caught up from its cursor: at a place of its own it would only hold up the others
        while (!stop.isCompleted && !abort.isCompleted && follower.isWelcome()) {
            val batch = if (isAlone) store.happenedAfter(seq, BATCH) else news.of(seq).orEmpty()
            val isAll = batch.size < BATCH
            if (isAll) isAlone = false
            if (batch.isNotEmpty()) {
                follower.happened(batch)
                seq = batch.last().seq
                rest = time.markNow() + PACE
            }
            if (isAll && !rung.ringsBefore(nextBeat(), stop, abort)) follower.stillHere()
            if (rest.hasNotPassedNow()) withTimeoutOrNull(-rest.elapsedNow()) { abort.await() }
        }
    }

    /** How long until this follower's heartbeat. */
    private fun nextBeat(): Duration = HEARTBEAT - (begun.elapsedNow().inWholeMilliseconds % BEATS_EACH_MS).milliseconds

    companion object {
        /** In a cursor, beside whose it is: no place in the decision feed is one in an inbox. */
        const val READER = "inbox"
        private val PACE = 250.milliseconds
        private const val BATCH = 200

        /** Heartbeats that are due within the same second fall together. */
        private const val BEATS_EACH_MS = 1_000
    }
}
