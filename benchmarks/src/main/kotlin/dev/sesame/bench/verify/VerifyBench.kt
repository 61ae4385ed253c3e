package dev.sesame.bench.verify

import dev.sesame.bench.Flags
import dev.sesame.bench.waits.Box
import org.openjdk.jmh.results.Result
import org.openjdk.jmh.runner.Runner
import org.openjdk.jmh.runner.options.OptionsBuilder
import org.openjdk.jmh.runner.options.TimeValue
import org.openjdk.jmh.runner.options.VerboseMode
import java.nio.file.Path
import java.util.Locale

/** How thorough. */
internal class VerifyPlan private constructor(val forks: Int, val iterations: Int) {
    companion object {
        fun of(flags: Flags) = VerifyPlan(flags.count("--forks", 2), flags.count("--iterations", 4))
    }
}

/** Webhooks verified a second, beside a bare Mac and two peers, by JMH in one run; prints ratios and G13. */
internal class VerifyBench(private val plan: VerifyPlan, private val scratch: Path) {
    fun run(): Boolean {
        println(
            "webhook verification, 1,024 bytes, 1 thread; ${plan.forks} forks x (2 + ${plan.iterations}) x 1 s; load average ${Box.load()}",
        )
        val options = OptionsBuilder()
            .include("${Regex.escape("dev.sesame.bench.verify.Verification")}\\..*")
            .forks(plan.forks).warmupIterations(2).measurementIterations(plan.iterations)
            .warmupTime(TimeValue.seconds(1)).measurementTime(TimeValue.seconds(1))
            .verbosity(VerboseMode.SILENT).output(scratch.resolve("jmh.log").toString()).shouldFailOnError(true)
            .build()
        val results = Runner(options).run().associate { it.params.benchmark.substringAfterLast('.') to it.primaryResult }
        report(results)
        return true
    }

    private fun report(results: Map<String, Result<*>>) {
        fun score(name: String) = results.getValue(name).score
        println("%-36s %12s %12s %10s".format("", "ops/s", "± 99.9 %", "vs Mac"))
        for ((name, label) in rows) {
            val result = results.getValue(name)
            val ratio = result.score / score("mac")
            println("%-36s %,12.0f %,12.0f %9.2fx".format(Locale.ROOT, label, result.score, result.scoreError, ratio))
        }
        val ours = score("sesame")
        val toMac = ours / score("mac")
        println(
            "sesame : standardwebhooks %.1fx, sesame : stripe-java %.1fx".format(
                Locale.ROOT,
                ours / score("standardwebhooks"),
                ours / score("stripe"),
            ),
        )
        println("G13 >= 900,000 ops/s: ${verdict(ours >= GOAL_RATE)}; >= 0.72x of the Mac: ${verdict(toMac >= GOAL_RATIO)}")
    }

    private fun verdict(isMet: Boolean) = if (isMet) "met" else "MISSED"

    private companion object {
        const val GOAL_RATE = 900_000.0
        const val GOAL_RATIO = 0.72
        val rows = listOf(
            "mac" to "Mac alone, kept (the floor)",
            "sesame" to "sesame",
            "sesameAndEvent" to "sesame, with the event decoded",
            "standardwebhooks" to "standardwebhooks 1.2.0",
            "stripe" to "stripe-java 33.3.0",
        )
    }
}
