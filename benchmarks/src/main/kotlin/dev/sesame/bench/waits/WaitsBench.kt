package dev.sesame.bench.waits

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** How many waits, how often. */
internal class WaitsPlan(val waits: List<Int> = listOf(1, 100, 10_000), val rounds: Int = 3) {
    companion object {
        fun of(flags: Flags): WaitsPlan = WaitsPlan().let { WaitsPlan(flags.counts("--n", it.waits), flags.count("--rounds", it.rounds)) }
    }
}

/**
 * N suspended `approve { }` calls in this JVM against a real broker in another, beside the same waits as one Ktor CIO long poll each.
 *
 * The two take turns in every round, and the first round only warms up. Nothing is retried by the bench and every wait is counted: one that
 * doesn't come back is lost, and ends the run as failed.
 */
internal class WaitsBench(private val plan: WaitsPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private val own = HashMap<Int, Figures>()
    private val peer = HashMap<Int, Figures>()
    private val tally = Tally()
    private var threadsAtStart: Double? = null

    /** Whether every wait came back. */
    fun run(): Boolean {
        // Else the threads that one side's opening needed are still there, idle, while the other side is looked at.
        System.setProperty("kotlinx.coroutines.scheduler.keep.alive.sec", "2")
        say(Box(scratch).describe())
        BrokerProcess(scratch, jvm = fixedHeap).use { broker ->
            broker.start()
            say("broker: ${broker.url}, ${fixedHeap.joinToString(" ")}, ${BrokerProcess.limitsInWords}")
            say(
                "${plan.rounds} rounds of each side in turn, the first dropped: medians [least-most]",
            )
            for (waits in plan.waits) {
                repeat(plan.rounds) { rounds(broker, waits, isCounted = it > 0 || plan.rounds == 1) }
                Report(say).table(waits, own.getValue(waits), peer.getValue(waits))
                say("lost=${tally.expected - tally.got}, got ${"%,d".format(tally.got)} of ${"%,d".format(tally.expected)} so far")
            }
        }
        Report(say).flatness(plan.waits.min(), plan.waits.max(), own, peer)
        say("load average after: ${Box.load()}")
        return tally.got == tally.expected
    }

    private fun rounds(broker: BrokerProcess, waits: Int, isCounted: Boolean) {
        val mine = one(broker, waits) { SesameSide(broker.url, broker.apiKey, it.marks, waits) { id -> it.deciders.decide(id, "deny") } }
        val other = one(broker, waits) { PollSide(broker.url, broker.apiKey, it.marks, it.gauges::heldPolls) }
        if (!isCounted) return
        own.getOrPut(waits, ::Figures).add(mine)
        peer.getOrPut(waits, ::Figures).add(other)
    }

    private fun one(broker: BrokerProcess, waits: Int, side: (Bench) -> Side): Map<Measure, Double> =
        Deciders(broker.url, broker.adminToken).use { deciders ->
            Gauges(broker).use { gauges ->
                // Before the first client of either side.
                val threads = threadsAtStart ?: gauges.also { it.heldPolls() }.threads().also { threadsAtStart = it }
                val bench = Bench(deciders, gauges, Marks(waits + Round.SINGLES), threads)
                side(bench).use { runBlocking { Round(waits, it, bench, tally).run() } }
            }
        }

    private companion object {
        /** So that what is in use can be compared before and after. */
        val fixedHeap = listOf("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")
    }
}
