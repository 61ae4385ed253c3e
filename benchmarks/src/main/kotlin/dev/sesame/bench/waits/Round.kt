package dev.sesame.bench.waits

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/** What a side needs besides itself: the people who decide, the gauges, and where the times are kept. */
internal class Bench(val deciders: Deciders, val gauges: Gauges, val marks: Marks, val threadsAtStart: Double)

/** How many waits came back, and how many should have. */
internal class Tally(var got: Int = 0, var expected: Int = 0)

/**
 * One round of one side with [waits] waits.
 *
 * First in halves, so that each is timed alone: all are opened, then all waits are begun, then all are denied. Then as programs do it, each
 * call asking and waiting: with all parked, what they hold is read, single decisions are timed, and all the rest is approved.
 */
internal class Round(private val waits: Int, private val side: Side, private val bench: Bench, private val tally: Tally) {
    private val marks = bench.marks
    private val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())
    private val asking = Semaphore(AT_ONCE)
    private val figures = HashMap<Measure, Double>()
    private val running = HashMap<Int, Job>()

    suspend fun run(): Map<Measure, Double> {
        marks.clear()
        inHalves()
        marks.clear()
        running.clear()
        asPrograms()
        return figures
    }

    private suspend fun inHalves() {
        side.prepare()
        val opening = System.nanoTime()
        marks.onOpened = { asking.release() }
        (0 until waits).map { index ->
            asking.acquire()
            scope.launch { side.open(index) }
        }.joinAll()
        figures[Measure.OPENS] = waits / secondsSince(opening)
        val parking = System.nanoTime()
        for (index in 0 until waits) running[index] = scope.launch(start = CoroutineStart.UNDISPATCHED) { side.wait(index) }
        side.untilParked(waits)
        figures[Measure.PARK] = millisSince(parking)
        val (first, last) = decideAll("deny")
        count(marks.told)
        val all = marks.told.take(waits).max()
        figures[Measure.BURST_TOLD] = (all - first) / NS_IN_MS
        figures[Measure.BURST_TOLD_RATE] = waits / ((all - first) / NS_IN_S)
        figures[Measure.BURST_TAIL] = ((all - last) / NS_IN_MS).coerceAtLeast(0.0)
    }

    private suspend fun asPrograms() {
        side.prepare()
        val client = bench.gauges.clientHeapBytes()
        val broker = bench.gauges.brokerHeapBytes()
        for (index in 0 until waits) begin(index)
        repeat(AT_ONCE) { asking.acquire() } // all are opened
        repeat(AT_ONCE) { asking.release() }
        side.untilParked(waits)
        idle()
        figures[Measure.THREADS] = bench.gauges.threads() - bench.threadsAtStart
        bench.gauges.sockets()?.let { figures[Measure.SOCKETS] = it }
        if (waits >= MANY) {
            figures[Measure.CLIENT_HEAP] = (bench.gauges.clientHeapBytes() - client) / waits
            bench.gauges.brokerHeapBytes()?.let { now -> if (broker != null) figures[Measure.BROKER_HEAP] = (now - broker) / waits }
        }
        oneByOne()
        val (first, _) = decideAll("approve")
        count(marks.started)
        val rest = running.keys.toList()
        val all = rest.maxOf { marks.started[it] }
        figures[Measure.BURST_STARTED] = (all - first) / NS_IN_MS
        figures[Measure.BURST_STARTED_RATE] = rest.size / ((all - first) / NS_IN_S)
    }

    private suspend fun begin(index: Int) {
        asking.acquire()
        running[index] = scope.launch(start = CoroutineStart.UNDISPATCHED) { side.ask(index) }
    }

    /** The processor time of both processes while nothing happens; also lets connections go that only the opening needed. */
    private suspend fun idle() {
        delay(SETTLING)
        val time = if (waits >= MANY) LONG_IDLE else SHORT_IDLE
        val before = bench.gauges.cpuSeconds()
        delay(time)
        val after = bench.gauges.cpuSeconds()
        if (before == null || after == null) return
        figures[Measure.IDLE_CLIENT] = (after.first - before.first) * PERCENT / time.inWholeSeconds
        figures[Measure.IDLE_BROKER] = (after.second - before.second) * PERCENT / time.inWholeSeconds
    }

    /** Single decisions; after each another wait takes the place of the one that ended. */
    private suspend fun oneByOne() {
        val answered = ArrayList<Double>()
        val told = ArrayList<Double>()
        val started = ArrayList<Double>()
        repeat(SINGLES) { sample ->
            val index = running.keys.first()
            delay(BETWEEN)
            val before = System.nanoTime()
            bench.deciders.decide(marks.ids.get(index), "approve")
            answered += (System.nanoTime() - before) / NS_IN_US
            tally.expected++
            val ended = withTimeoutOrNull(ONE_WITHIN) { running.getValue(index).join() } != null
            running.remove(index)
            if (ended && marks.started[index] != 0L) {
                tally.got++
                told += (marks.told[index] - before) / NS_IN_US
                started += (marks.started[index] - before) / NS_IN_US
            }
            replace(waits + sample)
        }
        figures[Measure.DECIDE_P50] = percentile(answered, HALF)
        figures[Measure.TOLD_P50] = percentile(told, HALF)
        figures[Measure.TOLD_P99] = percentile(told, NEARLY_ALL)
        figures[Measure.STARTED_P50] = percentile(started, HALF)
        figures[Measure.STARTED_P99] = percentile(started, NEARLY_ALL)
    }

    private suspend fun replace(index: Int) {
        val isOpen = CompletableDeferred<Unit>()
        marks.onOpened = {
            asking.release()
            isOpen.complete(Unit)
        }
        begin(index)
        isOpen.await()
    }

    /** When the first decision was sent, and when the last one was answered; returns after all waits ended, or the time for that. */
    private suspend fun decideAll(answer: String): Pair<Long, Long> {
        val ids = running.keys.map { marks.ids.get(it) }
        val first = System.nanoTime()
        bench.deciders.decideAll(ids, answer)
        val last = System.nanoTime()
        withTimeoutOrNull(ALL_WITHIN) { running.values.joinAll() }
        return first to last
    }

    private fun count(marked: LongArray) {
        tally.expected += running.size
        tally.got += running.keys.count { marked[it] != 0L }
    }

    private fun millisSince(start: Long) = (System.nanoTime() - start) / NS_IN_MS

    private fun secondsSince(start: Long) = (System.nanoTime() - start) / NS_IN_S

    companion object {
        /** How many single decisions are timed in a round. */
        const val SINGLES = 200
        private const val AT_ONCE = 64
        private const val MANY = 1_000
        private const val PERCENT = 100.0
        private const val HALF = 0.5
        private const val NEARLY_ALL = 0.99
        private const val NS_IN_S = 1e9
        private const val NS_IN_MS = 1e6
        private const val NS_IN_US = 1e3

        /** What the opening left to the compilers and collectors isn't idling. */
        private val SETTLING = 8_000.milliseconds
        private val LONG_IDLE = 10_000.milliseconds
        private val SHORT_IDLE = 6_000.milliseconds
        private val BETWEEN = 10.milliseconds
        private val ONE_WITHIN = 10_000.milliseconds
        private val ALL_WITHIN = 3.minutes
    }
}
