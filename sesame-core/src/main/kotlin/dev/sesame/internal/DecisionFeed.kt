package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalNotFoundException
import dev.sesame.SesameAuthException
import dev.sesame.SesameClosedException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
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
    private class Waiter(var nextRead: TimeMark) {
        /** `null` where the feed can't be used, and a poll has to do. */
        val heard = CompletableDeferred<Approval?>()
    }

    private val waiters = HashMap<String, MutableList<Waiter>>() // guarded by this, like the three below
    private val unread = LinkedHashSet<String>()
    private var stream: Job? = null
    private var distrustedUntil: TimeMark? = null
    private val readable = Channel<Unit>(Channel.CONFLATED)

    /** The decided approval of that [id]; `null` where the feed can't be used. [toExpiry] is how long people still have. */
    suspend fun await(id: String, toExpiry: Duration): Approval? {
        val waiter = register(id, toExpiry) ?: return null
        try {
            return waiter.heard.await()
        } finally {
            leave(id, waiter)
        }
    }

    @Synchronized
    private fun register(id: String, toExpiry: Duration): Waiter? {
        if (distrustedUntil?.hasPassedNow() == false) return null
        val waiter = Waiter(time.markNow() + minOf(toExpiry + AFTER_EXPIRY, NET))
        waiters.getOrPut(id) { ArrayList(1) }.add(waiter)
        unread.add(id)
        readable.trySend(Unit)
        if (stream == null) stream = scope.launch { run() }
        return waiter
    }

    @Synchronized
    private fun leave(id: String, waiter: Waiter) {
        val others = waiters[id] ?: return
        others.remove(waiter)
        if (others.isNotEmpty()) return
        waiters.remove(id)
        unread.remove(id)
        if (waiters.isNotEmpty()) return
        stream?.cancel()
        stream = null
    }

    private suspend fun run() {
        try {
            FeedStream(broker, retry, ::tell).follow { whileReady() }
            stop { it.heard.complete(null) }
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (problem: Exception) { // nobody may be left waiting for a stream that is no more
            stop { if (problem is SesameAuthException) it.heard.completeExceptionally(problem) else it.heard.complete(null) }
        }
    }

    fun close(): Unit = stop { it.heard.completeExceptionally(SesameClosedException()) }

    /** No stream can be had: polls have to do for a while. */
    @Synchronized
    private fun stop(tell: (Waiter) -> Unit) {
        distrustedUntil = time.markNow() + DISTRUST
        stream = null
        waiters.values.flatten().forEach(tell)
        waiters.clear()
        unread.clear()
    }

    /** Runs beside a stream that is ready: reads what was registered before it could be heard, and what the net catches. */
    private suspend fun whileReady() {
        synchronized(this) { unread.addAll(waiters.keys) }
        readable.trySend(Unit)
        coroutineScope {
            launch {
                while (true) {
                    retry.pause(TICK)
                    if (markDue()) readable.trySend(Unit)
                }
            }
            for (signal in readable) {
                while (true) readBatch(nextBatch().ifEmpty { break })
            }
        }
    }

    @Synchronized
    private fun markDue(): Boolean {
        var any = false
        for ((id, all) in waiters) {
            for (waiter in all) {
                if (!waiter.nextRead.hasPassedNow()) continue
                waiter.nextRead = time.markNow() + NET
                unread.add(id)
                any = true
            }
        }
        return any
    }

    @Synchronized
    private fun nextBatch(): List<String> = unread.take(BATCH).also { unread.removeAll(it.toSet()) }

    private suspend fun readBatch(ids: List<String>) {
        val found = retry.until(null) { broker.list("/v1/approvals", mapOf("ids" to ids.joinToString(","))) }.approvals
        found.filter { it.status.isTerminal }.forEach(::tell)
        (ids - found.map { it.id }.toSet()).forEach { id -> tellMissing(id) }
    }

    private fun tell(approval: Approval) {
        waitersOf(approval.id).forEach { it.heard.complete(approval) }
    }

    private fun tellMissing(id: String) {
        waitersOf(id).forEach { it.heard.completeExceptionally(ApprovalNotFoundException(id)) }
    }

    @Synchronized
    private fun waitersOf(id: String): List<Waiter> = waiters[id]?.toList().orEmpty()

    private companion object {
        val NET = 5.minutes
        val AFTER_EXPIRY = 2.seconds
        val TICK = 1.seconds
        val DISTRUST = 5.minutes
        const val BATCH = 100
    }
}
