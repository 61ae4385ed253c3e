package dev.sesame.bench.peers

import dev.sesame.bench.waits.Marks
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.time.Duration

/** What became of each call of a turn: the programs tell it, the bench awaits it. */
internal class Calls(val size: Int) {
    private val opened = Semaphore(0)
    val marks: Marks = Marks(size).also { it.onOpened = { opened.release() } }
    private val lock = ReentrantLock()
    private val allOver = lock.newCondition()
    private val awaited = HashSet<Int>()

    /** Call [index] can be decided, under that [id]. Programs that are run again after a fault say so again, which changes nothing. */
    fun opened(index: Int, id: String) {
        if (marks.ids.get(index) == null) marks.opened(index, id)
    }

    /** The program of call [index] goes on after its wait, with nothing to claim first. */
    fun goesOn(index: Int) {
        if (marks.started[index] != 0L) return
        val now = System.nanoTime()
        marks.told[index] = now
        marks.started[index] = now
        over(index)
    }

    /** All that call [index] does is done, and its marks are set. */
    fun over(index: Int): Unit = lock.withLock {
        if (awaited.remove(index) && awaited.isEmpty()) allOver.signalAll()
    }

    /** Returns when one more call was opened. */
    fun awaitOpened(patience: Duration) {
        check(opened.tryAcquire(patience.inWholeNanoseconds, NANOSECONDS)) { "a call was not opened in $patience" }
    }

    /** From now on the ends of [indices] are awaited; to be called before they are decided. */
    fun expect(indices: Collection<Int>): Unit = lock.withLock {
        awaited.clear()
        awaited += indices
    }

    /** Returns when all that are awaited are over, or the [patience] is; with the number of those that are not. */
    fun awaitEnds(patience: Duration): Int = lock.withLock {
        var left = patience.inWholeNanoseconds
        while (awaited.isNotEmpty() && left > 0) left = allOver.awaitNanos(left)
        awaited.size
    }
}
