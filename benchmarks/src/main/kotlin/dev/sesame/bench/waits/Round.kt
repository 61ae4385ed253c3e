package dev.sesame.bench.waits

import kotlinx.coroutines.delay
import kotlin.time.Duration.Companion.milliseconds

/** What a side needs besides itself: the people who decide, the gauges, and where the times are kept. */
internal class Bench(val deciders: Deciders, val gauges: Gauges, val marks: Marks, val threadsAtStart: Double)

/**
 * One round of one side with [waits] waits.
 *
 * First in halves, so that each is timed alone: all are opened, then all waits are begun, then all are denied. Then as programs do it, each
 * call asking and waiting: with all parked, what they hold is read, single decisions are timed, and all the rest is approved.
 */
internal class Round(private val waits: Int, private val side: Side, private val bench: Bench, private val tally: Tally) {
    private val marks = bench.marks
    private val figures = HashMap<Measure, Double>()

    suspend fun run(): Map<Measure, Double> {
        marks.clear()
        inHalves(Parked(side, bench.deciders, marks, tally))
        marks.clear()
        asPrograms(Parked(side, bench.deciders, marks, tally))
        return figures
    }

    private suspend fun inHalves(parked: Parked) {
        side.prepare()
        val opening = System.nanoTime()
        parked.open(waits)
        figures[Measure.OPENS] = waits / secondsSince(opening)
        val parking = System.nanoTime()
        parked.wait(waits)
        figures[Measure.PARK] = millisSince(parking)
        val burst = parked.decideAll("deny")
        figures[Measure.BURST_TOLD] = burst.millis
        figures[Measure.BURST_TOLD_RATE] = burst.perSecond
        figures[Measure.BURST_TAIL] = burst.tailMillis
    }

    private suspend fun asPrograms(parked: Parked) {
        side.prepare()
        val client = bench.gauges.clientHeapBytes()
        val broker = bench.gauges.brokerHeapBytes()
        parked.ask(waits)
        idle()
        figures[Measure.THREADS] = bench.gauges.threads() - bench.threadsAtStart
        bench.gauges.sockets()?.let { figures[Measure.SOCKETS] = it }
        if (waits >= MANY) {
            figures[Measure.CLIENT_HEAP] = (bench.gauges.clientHeapBytes() - client) / waits
            bench.gauges.brokerHeapBytes()?.let { now -> if (broker != null) figures[Measure.BROKER_HEAP] = (now - broker) / waits }
        }
        oneByOne(parked)
        val burst = parked.decideAll("approve")
        figures[Measure.BURST_STARTED] = burst.millis
        figures[Measure.BURST_STARTED_RATE] = burst.perSecond
    }

    /** The processor time of both processes while nothing happens; of many, also until connections have ended that only the opening needed. */
    private suspend fun idle() {
        delay(if (waits >= MANY) LONG_SETTLING else SETTLING)
        val time = if (waits >= MANY) LONG_IDLE else SHORT_IDLE
        val before = bench.gauges.cpuSeconds()
        delay(time)
        val after = bench.gauges.cpuSeconds()
        if (before == null || after == null) return
        figures[Measure.IDLE_CLIENT] = (after.first - before.first) * PERCENT / time.inWholeSeconds
        figures[Measure.IDLE_BROKER] = (after.second - before.second) * PERCENT / time.inWholeSeconds
    }

    /** Single decisions; after each another wait takes the place of the one that ended. */
    private suspend fun oneByOne(parked: Parked) {
        val all = ArrayList<Single>()
        repeat(SINGLES) { sample ->
            delay(BETWEEN)
            parked.decideOne("approve")?.let { all += it }
            parked.askOne(waits + sample)
        }
        fun micros(part: Double, of: (Single) -> Long) = percentile(all.map { of(it) / NS_IN_US }, part)
        figures[Measure.DECIDE_P50] = micros(HALF) { it.answered }
        figures[Measure.TOLD_P50] = micros(HALF) { it.told }
        figures[Measure.TOLD_P99] = micros(NEARLY_ALL) { it.told }
        figures[Measure.STARTED_P50] = micros(HALF) { it.started }
        figures[Measure.STARTED_P99] = micros(NEARLY_ALL) { it.started }
    }

    private fun millisSince(start: Long) = (System.nanoTime() - start) / NS_IN_MS

    private fun secondsSince(start: Long) = (System.nanoTime() - start) / NS_IN_S

    companion object {
        /** How many single decisions are timed in a round. */
        const val SINGLES = 200
        private const val MANY = 1_000
        private const val PERCENT = 100.0
        private const val HALF = 0.5
        private const val NEARLY_ALL = 0.99
        private const val NS_IN_S = 1e9
        private const val NS_IN_MS = 1e6
        private const val NS_IN_US = 1e3

        /** What the opening left to the compilers and collectors isn't idling. */
        private val SETTLING = 8_000.milliseconds

        /** The JDK's client keeps connections for 30 s. */
        private val LONG_SETTLING = 25_000.milliseconds
        private val LONG_IDLE = 10_000.milliseconds
        private val SHORT_IDLE = 6_000.milliseconds
        private val BETWEEN = 10.milliseconds
    }
}
