package dev.sesame.bench.leaks

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.seconds
import dev.sesame.bench.waits.Box
import java.nio.file.Path
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds

/** How many connections are begun and broken off; as many waits of the SDK are begun and cancelled. */
internal class LeaksPlan(val cycles: Int = 100_000, val seed: Long = System.nanoTime(), val patience: Duration = 30.seconds) {
    companion object {
        fun of(flags: Flags): LeaksPlan = LeaksPlan().let { LeaksPlan(flags.count("--cycles", it.cycles), flags.whole("--seed", it.seed)) }
    }
}

/**
 * Callers who leave in the middle, many times: what they held in the broker, and what the SDK holds in a program, has to come back to where it
 * was after a warm-up of the same kind, which is the floor.
 *
 * The seed fixes what is broken off how and in which order, not at which byte the broker is then.
 */
internal class LeaksBench(private val plan: LeaksPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private val warmUp = (plan.cycles / WARM_UP).coerceIn(LEAST_WARM_UP, MOST_WARM_UP)
    private var isGood = true

    /** Whether all of it came back. */
    fun run(): Boolean = BrokerProcess(scratch, jvm = brokerJvm, environment = mapOf("SESAME_LIMIT_FEEDS" to "1000000")).use { broker ->
        // Else threads that were of use once are idle for a minute, and taken for a leak.
        System.setProperty("kotlinx.coroutines.scheduler.keep.alive.sec", "1")
        broker.start()
        say("bench leaks: --cycles ${plan.cycles} --seed ${plan.seed}; ${machine()}; broker: ${brokerJvm.joinToString(" ")}")
        broken(broker)
        waits(broker, "waits over the feed", plan.cycles, isLongPoll = false)
        waits(broker, "waits by long poll", plan.cycles / LONG_POLLS, isLongPoll = true)
        clients(broker)
        say("load average after: ${Box.load()}")
        isGood
    }

    private fun machine() = "${Runtime.getRuntime().availableProcessors()} cpus, JDK ${System.getProperty("java.runtime.version")}, " +
        "load average ${Box.load()}"

    private fun broken(broker: BrokerProcess) {
        BrokenCalls(broker, Random(plan.seed)).use { calls ->
            BrokerStanding(broker).use { standing ->
                compare("broken connections, the broker", plan.cycles, standing) { calls.run(it) }
                say("  of them: ${calls.counts()}")
            }
        }
    }

    private fun waits(broker: BrokerProcess, name: String, cycles: Int, isLongPoll: Boolean) {
        LeftWaits(broker, isLongPoll, Random(plan.seed)).use { left ->
            compare("$name, the SDK", cycles, OwnStanding()) { left.run(it) }
        }
    }

    private fun clients(broker: BrokerProcess) {
        val cycles = maxOf(plan.cycles / CLIENTS, LEAST_CLIENTS)
        compare("clients opened and closed, the SDK", cycles, OwnStanding()) { ShortClients(broker).run(it) }
    }

    private fun compare(name: String, cycles: Int, standing: Standing, run: (Int) -> Unit) {
        run(minOf(warmUp, cycles))
        val floor = standing.settled(plan.patience)
        val began = System.nanoTime()
        run(cycles)
        val took = (System.nanoTime() - began).nanoseconds
        val (after, left) = standing.back(floor, cycles, plan.patience)
        say("%-36s %,9d in %s".format(name, cycles, seconds(took)))
        floor.forEach { (measure, before) ->
            val what = if (measure in left) "LEFT" else "back"
            say("  %-22s %,12d -> %,12d  %s".format(measure.inWords, before, after.getValue(measure), what))
        }
        if (left.isNotEmpty()) standing.explain().forEach { say("  $it") }
        isGood = isGood && left.isEmpty()
    }

    private companion object {
        val brokerJvm = listOf("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-Dkotlinx.coroutines.scheduler.keep.alive.sec=1")
        const val WARM_UP = 10
        const val LEAST_WARM_UP = 400
        const val MOST_WARM_UP = 10_000

        /** A connection each. */
        const val LONG_POLLS = 20
        const val CLIENTS = 100
        const val LEAST_CLIENTS = 20
    }
}
