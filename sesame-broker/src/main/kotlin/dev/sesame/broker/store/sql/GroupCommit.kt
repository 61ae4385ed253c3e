package dev.sesame.broker.store.sql

import dev.sesame.broker.store.StoreUnavailable
import kotlinx.coroutines.CompletableDeferred
import org.jdbi.v3.core.Handle
import java.util.concurrent.ArrayBlockingQueue

/**
 * The one writer. It takes whatever writes are waiting, runs them in one transaction, and answers all of them after the one flush.
 *
 * One flush for many callers is what makes a flush at every commit cheap. Where a write of the group fails, the group is rolled back and each
 * is run alone, so that nobody's failure is another's; writes touch nothing but the database, so running one twice is harmless. Where the
 * transaction fails around them, at its begin or its commit, all of them have failed: none is run again, since what a commit came to whose
 * answer was lost is not known.
 */
internal class GroupCommit(private val transactions: Transactions) : AutoCloseable {
    private class Write<T>(val block: (Handle) -> T) {
        val result = CompletableDeferred<T>()
        private var value: Result<T>? = null

        fun run(handle: Handle) {
            value = Result.success(block(handle))
        }

        fun answer() {
            result.complete(checkNotNull(value).getOrThrow())
        }

        fun fail(problem: Throwable) {
            result.completeExceptionally(StoreUnavailable("the database can't be written: ${problem.message}", problem))
        }
    }

    private val waiting = ArrayBlockingQueue<Write<*>>(LONGEST_QUEUE)

    /** Writes nothing: it has whoever waits for a write look whether any will come. */
    private val end = Write<Unit> {}

    @Volatile private var closed = false

    /** Nobody takes a write any more. */
    @Volatile private var ended = false
    private val thread = Thread.ofPlatform().name("sesame-writer").daemon().start(::work)

    suspend fun <T> write(block: (Handle) -> T): T {
        val write = Write(block)
        if (closed || !waiting.offer(write)) write.fail(IllegalStateException(if (closed) GONE else "$LONGEST_QUEUE writes are waiting"))
        if (ended) failWaiting()
        return write.result.await()
    }

    private fun work() {
        try {
            transactions.use {
                val group = ArrayList<Write<*>>(LARGEST_GROUP)
                while (!closed || waiting.isNotEmpty()) {
                    group.clear()
                    group.add(waiting.take())
                    waiting.drainTo(group, LARGEST_GROUP - 1)
                    group.remove(end)
                    if (group.isNotEmpty()) commit(group)
                }
            }
        } finally { // also when an Error ends this thread: nobody may be left waiting for it
            closed = true
            ended = true
            failWaiting()
        }
    }

    private fun failWaiting() {
        generateSequence { waiting.poll() }.forEach { it.fail(IllegalStateException(GONE)) }
    }

    private fun commit(group: List<Write<*>>) {
        val failure = attempt(group)
        when {
            failure == null -> group.forEach { it.answer() }
            group.size == 1 || failure.isAround -> group.forEach { it.fail(failure.problem) }
            else -> commitEach(group)
        }
    }

    private fun commitEach(group: List<Write<*>>) {
        var away: Throwable? = null // once it is, each of the others would wait for it as long
        group.forEach { write ->
            val failure = away?.let { Failure(it, isAround = true) } ?: attempt(listOf(write))
            if (failure == null) write.answer() else write.fail(failure.problem)
            if (failure?.isAround == true) away = failure.problem
        }
    }

    private fun attempt(group: List<Write<*>>): Failure? {
        var isWithin = false
        return try {
            transactions.run { transaction ->
                isWithin = true
                transaction.journal.begin()
                group.forEach { it.run(transaction) }
                transaction.journal.write(transaction)
                isWithin = false
            }
            null
        } catch (problem: Throwable) { // whatever it is, its callers must hear of it, and the others go on
            Failure(problem, isAround = !isWithin)
        }
    }

    /** [isAround]: no write failed, but the transaction that they were in. */
    private class Failure(val problem: Throwable, val isAround: Boolean)

    override fun close() {
        closed = true
        waiting.offer(end) // where it is full, nobody waits
        thread.join(CLOSE_MS)
    }

    private companion object {
        /** Beyond it, a caller is told to come back: it would wait for seconds. */
        const val LONGEST_QUEUE = 10_000

        /** Larger groups gain little and make the first of them wait. */
        const val LARGEST_GROUP = 256
        const val GONE = "the database is closed"
        const val CLOSE_MS = 5_000L
    }
}

/** How an engine runs one transaction after the other. */
internal interface Transactions : AutoCloseable {
    /** Runs [writes] in a transaction; when it returns, that is committed and on disk. */
    fun run(writes: (Handle) -> Unit)
}
