package dev.sesame.bench.peers

import dev.sesame.bench.Proc
import dev.sesame.bench.ThisJvm
import dev.sesame.bench.rates.Flushes
import dev.sesame.bench.waits.Burst
import dev.sesame.bench.waits.Single
import dev.sesame.bench.waits.Tally
import dev.sesame.bench.waits.percentile
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** What is read beside the calls: the platform threads from before the programs began, and the disk's flushes. */
internal class Readings(val threads: Set<Long>, val flushes: Flushes)

/** One turn: [waits] calls are parked, what they hold is read, single ones are decided, then all the rest at once. */
internal class Turn(
    private val waits: Int,
    private val plan: PeersPlan,
    private val program: Program,
    private val calls: Calls,
    private val readings: Readings,
    private val tally: Tally,
) {
    private val marks = calls.marks
    private val figures = HashMap<Measure, Double>()
    private val parked = ArrayDeque<Int>()
    private var asked = 0

    /** Only parked and decided: a server that has run for long is what is to be measured. */
    fun warm() {
        askAll()
        program.untilParked(waits)
        allAtOnce()
    }

    fun run(): Map<Measure, Double> {
        // What is made with the first call is nothing that a wait holds.
        ask()
        decideOne()
        // Of fewer, what else happens in the processes is more than they hold.
        val before = if (waits >= MANY) ThisJvm.steadyHeapBytes() to program.serverBytes() else null
        askAll()
        program.untilParked(waits)
        Thread.sleep(plan.settling.inWholeMilliseconds)
        figures[Measure.THREADS] = (ThisJvm.threadIds() - readings.threads).size.toDouble()
        program.server?.residentBytes()?.let { figures[Measure.SERVER_RESIDENT] = it / BYTES_IN_MB }
        before?.let { (client, server) -> hold(client, server) }
        oneByOne()
        allAtOnce()
        return figures
    }

    private fun ask() {
        parked += asked
        program.ask(asked++)
        calls.awaitOpened(plan.patience)
    }

    /** As many at once as many programs would. */
    private fun askAll() {
        val first = asked
        asked += waits
        parked += first until asked
        val next = AtomicInteger(first)
        val began = System.nanoTime()
        Executors.newFixedThreadPool(AT_ONCE).use { programs ->
            val asking = Callable {
                generateSequence { next.getAndIncrement() }.takeWhile { it < asked }.forEach {
                    program.ask(it)
                    calls.awaitOpened(plan.patience)
                }
            }
            programs.invokeAll(List(minOf(AT_ONCE, waits)) { asking }).forEach { it.get() }
        }
        figures[Measure.ASKED] = waits / ((System.nanoTime() - began) / NS_IN_S)
    }

    private fun hold(client: Double, server: Double?) {
        figures[Measure.CLIENT_HEAP] = (ThisJvm.steadyHeapBytes() - client) / waits
        program.serverBytes()?.let { now -> if (server != null) figures[Measure.SERVER_MEMORY] = (now - server) / waits }
    }

    /** Single decisions; after each another call takes the place of the one that went on. */
    private fun oneByOne() {
        val all = ArrayList<Single>()
        repeat(plan.singles) {
            Thread.sleep(BETWEEN_MS)
            decideOne()?.let { all += it }
            ask()
        }
        if (all.isEmpty()) return
        fun micros(part: Double, of: (Single) -> Long) = percentile(all.map { of(it) / NS_IN_US }, part)
        figures[Measure.DECIDED] = micros(HALF) { it.answered }
        figures[Measure.TOLD_P50] = micros(HALF) { it.told }
        figures[Measure.TOLD_P99] = micros(NEARLY_ALL) { it.told }
        figures[Measure.BEGUN_P50] = micros(HALF) { it.started }
        figures[Measure.BEGUN_P99] = micros(NEARLY_ALL) { it.started }
    }

    /** `null`: it didn't go on. */
    private fun decideOne(): Single? {
        val index = parked.removeFirst()
        calls.expect(listOf(index))
        tally.expected++
        val before = System.nanoTime()
        program.deciders.decide(marks.ids.get(index), ANSWER)
        val answered = System.nanoTime()
        if (calls.awaitEnds(ONE_WITHIN.coerceAtMost(plan.patience)) > 0 || marks.started[index] == 0L) return null
        tally.got++
        return Single(answered - before, marks.told[index] - before, marks.started[index] - before)
    }

    private fun allAtOnce() {
        calls.expect(parked)
        val ids = parked.map { marks.ids.get(it) }
        val flushes = readings.flushes.count()
        val cpu = cpuSeconds()
        val first = System.nanoTime()
        program.deciders.decideAll(ids, ANSWER)
        val last = System.nanoTime()
        calls.awaitEnds(plan.patience)
        val came = parked.filter { marks.started[it] != 0L }
        tally.expected += parked.size
        tally.got += came.size
        if (waits < SEVERAL || came.isEmpty()) return
        // Told in hundredths of a second: too coarse for few.
        if (waits >= MANY) cpuSeconds()?.let { now -> if (cpu != null) figures[Measure.CPU] = (now - cpu) * US_IN_S / came.size }
        fun burst(ends: LongArray) = Burst(came.size, first, last, came.maxOf { ends[it] })
        figures[Measure.BURST_TOLD_RATE] = burst(marks.told).perSecond
        figures[Measure.BURST_RATE] = burst(marks.started).perSecond
        readings.flushes.count()?.let { now -> if (flushes != null) figures[Measure.FLUSHES] = (now - flushes).toDouble() / came.size }
    }

    /** Of both processes, or the one. */
    private fun cpuSeconds(): Double? {
        val server = program.server?.let { it.cpuSeconds() ?: return null } ?: 0.0
        return Proc.own().cpuSeconds()?.let { it + server }
    }

    private companion object {
        const val ANSWER = "approve"
        const val AT_ONCE = 64
        const val MANY = 1_000
        const val SEVERAL = 10
        const val BETWEEN_MS = 10L
        const val BYTES_IN_MB = 1e6
        const val NS_IN_S = 1e9
        const val NS_IN_US = 1e3
        const val US_IN_S = 1e6
        const val HALF = 0.5
        const val NEARLY_ALL = 0.99
        val ONE_WITHIN = 10.seconds
    }
}
