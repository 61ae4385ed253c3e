package dev.sesame.bench.rates

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.waits.Box
import java.nio.file.Path

/** On which engines, with how many callers at once, for how long, how often. */
internal class RatesPlan(
    val engines: List<String> = Engines.names,
    val callers: List<Int> = listOf(1, 16, 64),
    val seconds: Double = 5.0,
    val rounds: Int = 3,
    val waits: Int = 2_000,
) {
    companion object {
        fun of(flags: Flags): RatesPlan = RatesPlan().let {
            RatesPlan(
                flags.names("--engines", it.engines),
                flags.counts("--callers", it.callers),
                flags.count("--seconds", it.seconds.toInt()).toDouble(),
                flags.count("--rounds", it.rounds),
            )
        }
    }
}

/**
 * How many questions a broker opens, and how many it decides, each on disk before it is answered; and how many are decided and told to waiting
 * programs. Beside it what the same database does with bare rows, and the disk with flushes, in the same run.
 *
 * The engines take turns in every round, and the first round only warms up. Nothing is tried again: a call that isn't answered with a 2xx, or a
 * wait that isn't told, ends the run as failed.
 */
internal class RatesBench(private val plan: RatesPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    /** Whether every call was answered and every wait told. */
    fun run(): Boolean {
        say(
            "bench rates: --engines ${plan.engines.joinToString(",")} --callers ${plan.callers.joinToString(",")} " +
                "--seconds ${plan.seconds.toInt()} --rounds ${plan.rounds}",
        )
        say(Box(scratch).describe())
        say("brokers: ${BrokerProcess.limitsInWords}")
        val tables = LinkedHashMap<Pair<String, Int>, Table>()
        var lost = 0
        Engines(scratch, plan.engines).use { engines ->
            say("${plan.rounds} rounds of each in turn, the first dropped: medians [least-most]")
            repeat(plan.rounds) { round ->
                for (callers in plan.callers) {
                    for (setup in engines.setups) {
                        val measured = Turn(setup, callers, plan).also { it.run() }
                        lost += measured.lost
                        val counts = round > 0 || plan.rounds == 1
                        if (counts) tables.getOrPut(setup.name to callers) { Table(setup.name, callers) }.add(measured.figures)
                    }
                }
            }
        }
        tables.values.forEach { it.lines().forEach(say) }
        say("")
        say("lost=$lost; load average after: ${Box.load()}")
        return lost == 0
    }
}
