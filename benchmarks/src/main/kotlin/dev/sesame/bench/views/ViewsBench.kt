package dev.sesame.bench.views

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.waits.Box
import dev.sesame.bench.waits.Deciders
import dev.sesame.bench.waits.Gauges
import java.nio.file.Path

/** How many waits, how often. */
internal class ViewsPlan(val waits: Int = 10_000, val rounds: Int = 3) {
    companion object {
        fun of(flags: Flags): ViewsPlan = ViewsPlan().let { ViewsPlan(flags.count("--n", it.waits), flags.count("--rounds", it.rounds)) }
    }
}

/**
 * The same N waits as coroutines, as futures and as blocked virtual threads of one client each, against a real broker in another process.
 *
 * The three take turns in every round, and the first round only warms up. Every wait is counted: one that doesn't come back ends the run as
 * failed.
 */
internal class ViewsBench(private val plan: ViewsPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private var threadsAtStart: Double? = null
    private val rounds = View.entries.associateWith { mutableListOf<Held>() }

    /** Whether every wait came back. */
    fun run(): Boolean {
        // Else the threads that one view needed are still there, idle, while the next is looked at.
        System.setProperty("kotlinx.coroutines.scheduler.keep.alive.sec", "2")
        say(Box(scratch).describe())
        BrokerProcess(scratch, jvm = fixedHeap).use { broker ->
            broker.start()
            say("broker: ${broker.url}, ${fixedHeap.joinToString(" ")}, ${BrokerProcess.limitsInWords}")
            say("${plan.rounds} rounds of each view in turn, the first dropped: medians [least-most]")
            repeat(plan.rounds) { round -> View.entries.forEach { rounds.getValue(it) += one(broker, it) }.also { dropFirst(round) } }
        }
        ViewsTable(plan.waits, rounds, say).print()
        val lost = rounds.values.flatten().sumOf { it.lost }
        say("lost=$lost; load average after: ${Box.load()}")
        return lost == 0
    }

    private fun dropFirst(round: Int) {
        if (round > 0 || plan.rounds == 1) return
        rounds.values.forEach { figures -> check(figures.sumOf { it.lost } == 0) { "a wait of the first round did not come back" } }
        rounds.values.forEach { it.clear() }
    }

    private fun one(broker: BrokerProcess, view: View): Held = Deciders(broker.url, broker.adminToken).use { deciders ->
        Gauges(broker).use { gauges ->
            // Before the first client of any view.
            val threads = threadsAtStart ?: gauges.also { it.heldPolls() }.threads().also { threadsAtStart = it }
            HeldWaits(plan.waits, view, deciders, gauges).run(broker.url, broker.apiKey, threads)
        }
    }

    private companion object {
        /** So that what is in use can be compared before and after. */
        val fixedHeap = listOf("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")
    }
}
