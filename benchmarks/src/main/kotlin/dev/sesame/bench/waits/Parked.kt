package dev.sesame.bench.waits

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/** How many waits came back, and how many should have. */
internal class Tally(var got: Int = 0, var expected: Int = 0)

/** The waits of one [side], opened, held and decided. Each that should come back is counted in [tally], and each that does. */
internal class Parked(private val side: Side, private val deciders: Deciders, private val marks: Marks, private val tally: Tally) {
    private val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())
    private val asking = Semaphore(AT_ONCE)
    private val running = HashMap<Int, Job>()

    /** Opens [count] requests, 64 at once; all are on the broker's disk when it returns. */
    suspend fun open(count: Int) {
        marks.onOpened = { asking.release() }
        (0 until count).map { index ->
            asking.acquire()
            scope.launch { side.open(index) }
        }.joinAll()
    }

    /** Begins to wait for what was opened; returns when the broker can tell each of them. */
    suspend fun wait(count: Int) {
        for (index in 0 until count) running[index] = scope.launch(start = CoroutineStart.UNDISPATCHED) { side.wait(index) }
        side.untilParked(count)
    }

    /** Both in one, as programs do it. */
    suspend fun ask(count: Int) {
        marks.onOpened = { asking.release() }
        for (index in 0 until count) begin(index)
        repeat(AT_ONCE) { asking.acquire() } // all are opened
        repeat(AT_ONCE) { asking.release() }
        side.untilParked(count)
    }

    /** One more, number [index]; returns when it is open. */
    suspend fun askOne(index: Int) {
        val isOpen = CompletableDeferred<Unit>()
        marks.onOpened = {
            asking.release()
            isOpen.complete(Unit)
        }
        begin(index)
        isOpen.await()
    }

    private suspend fun begin(index: Int) {
        asking.acquire()
        running[index] = scope.launch(start = CoroutineStart.UNDISPATCHED) { side.ask(index) }
    }

    /** Decides one of them and awaits its end; `null`: it didn't come back. */
    suspend fun decideOne(answer: String): Single? {
        val index = running.keys.first()
        val before = System.nanoTime()
        deciders.decide(marks.ids.get(index), answer)
        val answered = System.nanoTime()
        tally.expected++
        val ended = withTimeoutOrNull(ONE_WITHIN) { running.getValue(index).join() } != null
        running.remove(index)
        if (!ended || marks.endOf(answer)[index] == 0L) return null
        tally.got++
        return Single(answered - before, marks.told[index] - before, marks.started[index] - before)
    }

    /** Decides all of them as fast as the deciders can, and awaits their ends. */
    suspend fun decideAll(answer: String): Burst {
        val ids = running.keys.map { marks.ids.get(it) }
        val first = System.nanoTime()
        deciders.decideAll(ids, answer)
        val last = System.nanoTime()
        withTimeoutOrNull(ALL_WITHIN) { running.values.joinAll() }
        val ends = marks.endOf(answer)
        tally.expected += running.size
        tally.got += running.keys.count { ends[it] != 0L }
        return Burst(running.size, first, last, running.keys.maxOf { ends[it] })
    }

    companion object {
        private const val AT_ONCE = 64
        private val ONE_WITHIN = 10_000.milliseconds
        private val ALL_WITHIN = 3.minutes
    }
}

/** One decision, in nanoseconds from before the call that made it: when it was answered, and the wait was told, and its block began. */
internal class Single(val answered: Long, val told: Long, val started: Long)

/** When [count] decisions began to be sent, when the last one was answered, and when the last wait had come to its end. */
internal class Burst(private val count: Int, private val first: Long, private val last: Long, private val end: Long) {
    val millis: Double get() = (end - first) / NS_IN_MS
    val perSecond: Double get() = count / (millis / MS_IN_S)

    /** From the last answer to the last wait: what waking takes beside deciding. */
    val tailMillis: Double get() = ((end - last) / NS_IN_MS).coerceAtLeast(0.0)

    companion object {
        private const val NS_IN_MS = 1e6
        private const val MS_IN_S = 1e3

        /** Several at the same time, as one. */
        fun of(all: List<Burst>) = Burst(all.sumOf { it.count }, all.minOf { it.first }, all.maxOf { it.last }, all.maxOf { it.end })
    }
}
