package dev.sesame.bench.once

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.freePort
import dev.sesame.bench.seconds
import java.nio.file.Path
import kotlin.random.Random
import kotlin.time.Duration.Companion.nanoseconds

/** How many rounds, for how long at most, with how many workers; and how many messages a round has beside the marked ones. */
internal class OncePlan(
    val rounds: Int = 5,
    val seconds: Int = 3_600,
    val replicas: Int = 2,
    val seed: Long = System.nanoTime(),
    val messages: Int = 40,
    val leaseSeconds: Int = 10,
) {
    companion object {
        fun of(flags: Flags): OncePlan = OncePlan().let {
            val replicas = flags.count("--replicas", it.replicas)
            require(replicas in 2..MOST_REPLICAS) { "--replicas takes 2 to $MOST_REPLICAS, not $replicas" }
            OncePlan(flags.count("--rounds", it.rounds), flags.count("--seconds", it.seconds), replicas, flags.whole("--seed", it.seed))
        }

        private const val MOST_REPLICAS = 16
    }
}

/**
 * Two or more processes of a user's program behind a queue that redelivers, killed and stopped at marked places and at random moments, and the
 * broker with them: no block may run twice, none that was denied, and whatever nobody can know must be said.
 *
 * The seed fixes what happens and in which order, not how the processes meet: the same seed is a similar run, not the same.
 */
internal class OnceBench(private val plan: OncePlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private val random = Random(plan.seed)
    private val broken = LinkedHashSet<String>()
    private val stories = ArrayList<Story>()

    /** Whether every promise was kept. */
    fun run(): Boolean = BrokerProcess(scratch, freePort(), quickToStart, BrokerProcess.limits + manyFeeds).use { broker ->
        broker.start()
        say("bench once: --rounds ${plan.rounds} --seconds ${plan.seconds} --replicas ${plan.replicas} --seed ${plan.seed}")
        say("workers: ${plan.replicas} processes with leases of ${plan.leaseSeconds} s; broker: pid ${broker.pid}")
        Shop(broker, plan, scratch, random.nextLong()).use { shop ->
            shop.open()
            rounds(shop)
            tableOf(shop.history, stories, broken.size).forEach(say)
        }
        audit(broker)
        broken.isEmpty()
    }

    private fun rounds(shop: Shop) {
        val end = System.nanoTime() + plan.seconds * NANOS
        for (number in 1..plan.rounds) {
            val began = System.nanoTime()
            val round = Round(shop, plan, Random(random.nextLong()), number)
            try {
                round.run()
            } catch (problem: IllegalStateException) { // the driver's own: it couldn't do what it wanted to see
                broken += "round $number proves nothing: ${problem.message}"
            }
            val told = round.stories()
            stories += told
            broken += told.flatMap { it.broken() } + shop.faults
            say(
                "round $number/${plan.rounds}: ${told.size} messages in ${seconds(
                    (System.nanoTime() - began).nanoseconds,
                )}; ${broken.size} broken",
            )
            if (broken.isNotEmpty() || System.nanoTime() > end) break
        }
        broken.take(SHOWN).forEach { say("BROKEN: $it") }
    }

    private fun audit(broker: BrokerProcess) {
        val (code, printed) = broker.command("audit", "verify")
        say("audit verify ends with $code: ${printed.lines().first()}")
        if (code != 0) broken += "the audit doesn't verify"
    }

    private companion object {
        val quickToStart = listOf("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")

        /** Those of killed workers are noticed late. */
        val manyFeeds = mapOf("SESAME_LIMIT_FEEDS" to "1000")
        const val NANOS = 1_000_000_000L
        const val SHOWN = 20
    }
}
