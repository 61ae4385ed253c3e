package dev.sesame.bench.growth

import dev.sesame.Sesame
import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.seconds
import dev.sesame.bench.waits.ACTION
import dev.sesame.bench.waits.Box
import dev.sesame.bench.waits.SUMMARY
import dev.sesame.bench.waits.contextOf
import kotlinx.coroutines.runBlocking
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import kotlin.random.Random
import kotlin.time.Duration.Companion.nanoseconds

/** How many approvals are stored when the calls are timed, on which engines, and how often each call is made. */
internal class GrowthPlan(
    val stored: List<Int> = listOf(1_000, 100_000, 1_000_000),
    val engines: List<String> = Place.engines,
    val calls: Int = 200,
    val seed: Long = System.nanoTime(),
) {
    companion object {
        fun of(flags: Flags): GrowthPlan = GrowthPlan().let {
            GrowthPlan(
                flags.counts("--stored", it.stored).sorted(),
                flags.names("--engines", it.engines),
                flags.count("--calls", it.calls),
                flags.whole("--seed", it.seed),
            )
        }
    }
}

/**
 * The same calls with few approvals stored, and with very many: how long they take must not depend on it, nor must the start.
 *
 * What is stored are copies of one approval that was asked, decided, claimed and run here, over the weeks before now; the audit is verified in
 * the end. A call that fails ends the run.
 */
internal class GrowthBench(private val plan: GrowthPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private val random = Random(plan.seed)

    /** Whether all calls were answered, and every audit verified. */
    fun run(): Boolean {
        say(
            "bench growth: --stored ${plan.stored.joinToString(",")} --engines ${plan.engines.joinToString(",")} --calls ${plan.calls} " +
                "--seed ${plan.seed}",
        )
        say(Box(scratch).describe())
        val verified = plan.engines.map { engine -> Place.of(engine, scratch).use(::measure) }
        say("load average after: ${Box.load()}")
        return verified.all { it }
    }

    private fun measure(place: Place): Boolean {
        place.broker.start()
        val template = ask(place.broker)
        val times = Times(place.engine)
        val sample = ArrayList<Copy>()
        var stored = 0
        for (count in plan.stored) {
            place.broker.close()
            val began = System.nanoTime()
            place.filled { database ->
                val kept = Template(database, template)
                Fill(database, kept).run(copies(kept, stored until count, sample))
            }
            val filled = (System.nanoTime() - began).nanoseconds
            stored = count
            val start = place.broker.start()
            say("${place.engine}: %,d stored in ${seconds(filled)}; the broker was ready after ${seconds(start)}".format(count))
            times.add(count, Rehearsal(place.broker, sample, random, plan.calls).run())
        }
        times.lines().forEach(say)
        return verify(place)
    }

    /** One approval with all that a usual one goes through, and one of an action that no other has. */
    private fun ask(broker: BrokerProcess): String = Calls(broker, emptyList(), random).use { calls ->
        calls.open(RARE)
        Sesame {
            apiKey = broker.apiKey
            brokerUrl = broker.url
        }.use { sesame ->
            runBlocking {
                val asked = sesame.trigger(ACTION, SUMMARY, context = contextOf(7), dedupKey = "growth-template")
                calls.decide(asked.id)
                asked.run { }
                asked.id
            }
        }
    }

    /** The oldest first, one in five seconds; the newest of a million is as old as a few days. */
    private fun copies(template: Template, numbers: IntRange, sample: MutableList<Copy>): Sequence<Copy> {
        val toFirst = Duration.between(template.createdAt, Instant.now()) - Duration.ofDays(OLDEST_DAYS)
        val each = maxOf(1, numbers.count() / SAMPLE)
        return numbers.asSequence().map { number ->
            val later = Duration.ofSeconds(toFirst.seconds + number * APART_SECONDS)
            Copy(random.approvalId(), "growth-${random.nextLong()}-$number", later).also { if (number % each == 0) sample += it }
        }
    }

    private fun verify(place: Place): Boolean {
        val began = System.nanoTime()
        val (code, printed) = place.broker.command("audit", "verify")
        say("${place.engine}: audit verify, after ${seconds((System.nanoTime() - began).nanoseconds)}: ${printed.lines().last()}")
        return code == 0
    }

    companion object {
        const val RARE = "payments.rare"
        private const val OLDEST_DAYS = 61L
        private const val APART_SECONDS = 5L
        private const val SAMPLE = 1_000
    }
}
