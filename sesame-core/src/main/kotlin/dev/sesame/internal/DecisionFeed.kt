package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalNotFoundException
import dev.sesame.SesameAuthException
import dev.sesame.SesameClosedException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * One shared stream of decisions for all waits of a client: one socket, however many wait.
 *
 * The first wait opens it, the last one closes it. To lose nothing: the waiter is registered first, then (once the stream is ready) its approval
 * is read once, and from then on the stream's word is enough. After every `ready` all registered ones are read anew, in batches; as a net, each
 * is also read once in five minutes and shortly after its expiry.
 */
internal class DecisionFeed(
    private val broker: BrokerCalls,
    private val retry: Retry,
    private val scope: CoroutineScope,
    private val time: TimeSource,
) {
    /** Those who wait for one approval, as small as can be. They get `null` where the feed can't be used. Times are in milliseconds from [start]. */
    private class Waiters(var nextRead: Long, var last: Long, var toExpiry: Long) {
        val heard = ArrayList<CancellableContinuation<Approval?>>(1)
    }

    private val start = time.markNow()
    private val waiting = HashMap<String, Waiters>() // guarded by this, like the three below; who is taken out of it is told, once
    private val unread = LinkedHashSet<String>()
    private var stream: Job? = null
    private var distrustedUntil: TimeMark? = null
    private val readable = Channel<Unit>(Channel.CONFLATED)

    /** The decided approval of that [id]; `null` where the feed can't be used, or told nothing for long after people had their time ([toExpiry]). */
    suspend fun await(id: String, toExpiry: Duration): Approval? = suspendCancellableCoroutine { heard ->
        register(id, heard, toExpiry)
        heard.invokeOnCancellation { leave(id, heard) }
    }

    @Synchronized
    private fun register(id: String, heard: CancellableContinuation<Approval?>, toExpiry: Duration) {
        if (distrustedUntil?.hasPassedNow() == false) return heard.resume(null)
        val nextRead = after(minOf(toExpiry + AFTER_EXPIRY, NET))
        val all = waiting.getOrPut(id) { Waiters(nextRead, last = 0, toExpiry.inWholeMilliseconds) }
        all.heard += heard
        all.nextRead = minOf(all.nextRead, nextRead)
        all.last = maxOf(all.last, after(toExpiry + NET))
        unread.add(id)
        readable.trySend(Unit)
        if (stream == null) stream = scope.launch { run() }
    }

    @Synchronized
    private fun leave(id: String, heard: CancellableContinuation<Approval?>) {
        val all = waiting[id]?.heard ?: return
        all.remove(heard)
        if (all.isEmpty()) take(id)
    }

    private suspend fun run() {
        try {
            coroutineScope {
                val net = launch { tick() }
                FeedStream(broker, retry, ::tell).follow { whileReady() }
                net.cancel()
            }
            stop { it.resume(null) }
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (problem: Exception) { // nobody may be left waiting for a stream that is no more
            stop { if (problem is SesameAuthException) it.resumeWithException(problem) else it.resume(null) }
        }
    }

    fun close(): Unit = stop { it.resumeWithException(SesameClosedException()) }

    /** No stream can be had: polls have to do for a while. */
    private fun stop(tell: (CancellableContinuation<Approval?>) -> Unit) {
        val left = synchronized(this) {
            distrustedUntil = time.markNow() + DISTRUST
            stream = null
            unread.clear()
            waiting.values.flatMap { it.heard }.also { waiting.clear() }
        }
        left.forEach(tell)
    }

    /** Runs beside a stream that is ready: reads what was registered before it could be heard, and what the net catches. */
    private suspend fun whileReady() {
        synchronized(this) { unread.addAll(waiting.keys) }
        readable.trySend(Unit)
        coroutineScope {
            repeat(READERS) { launch { for (signal in readable) readAll() } }
        }
    }

    private suspend fun readAll() {
        while (true) {
            val ids = nextBatch().ifEmpty { return }
            readable.trySend(Unit) // for another reader, where there is more
            readBatch(ids)
        }
    }

    /** The net below the stream, and the end of waits that nothing else ended. */
    private suspend fun tick() {
        while (true) {
            retry.pause(TICK)
            if (markDue()) readable.trySend(Unit)
            overdue().forEach { id -> take(id).forEach { it.resume(null) } }
        }
    }

    @Synchronized
    private fun markDue(): Boolean {
        val due = waiting.filterValues { it.nextRead <= after(Duration.ZERO) }
        due.values.forEach { it.nextRead = after(NET) }
        return unread.addAll(due.keys)
    }

    @Synchronized
    private fun overdue(): Set<String> = waiting.filterValues { it.last < after(Duration.ZERO) }.keys

    @Synchronized
    private fun nextBatch(): List<String> = unread.take(BATCH).also { unread.removeAll(it.toSet()) }

    private suspend fun readBatch(ids: List<String>) {
        val found = retry.until(null) { broker.list("/v1/approvals", mapOf("ids" to ids.joinToString(","))) }.approvals
        found.forEach { if (it.status.isTerminal) tell(it) else prolong(it) }
        (ids - found.map { it.id }.toSet()).forEach { id -> tellMissing(id) }
    }

    /** Somebody may have put its expiry off: the wait lasts so much longer. */
    @Synchronized
    private fun prolong(approval: Approval) {
        val all = waiting[approval.id] ?: return
        val longer = (approval.timeToAnswer()?.inWholeMilliseconds ?: return) - all.toExpiry
        if (longer <= 0) return
        all.toExpiry += longer
        all.last += longer
    }

    private fun tell(approval: Approval): Unit = take(approval.id).forEach { it.resume(approval) }

    private fun tellMissing(id: String): Unit = take(id).forEach { it.resumeWithException(ApprovalNotFoundException(id)) }

    /** Takes out who waits for [id], to be told; after the last one the stream ends. */
    @Synchronized
    private fun take(id: String): List<CancellableContinuation<Approval?>> {
        val taken = waiting.remove(id) ?: return emptyList()
        unread.remove(id)
        if (waiting.isEmpty()) {
            stream?.cancel()
            stream = null
        }
        return taken.heard
    }

    private fun after(delay: Duration): Long = (start.elapsedNow() + delay).inWholeMilliseconds

    private companion object {
        val NET = 5.minutes
        val AFTER_EXPIRY = 2.seconds
        val TICK = 1.seconds
        val DISTRUST = 5.minutes
        const val BATCH = 100

        /** So many batches are under way at once, so that neither side waits for the other when thousands begin to wait. */
        const val READERS = 3
    }
}
