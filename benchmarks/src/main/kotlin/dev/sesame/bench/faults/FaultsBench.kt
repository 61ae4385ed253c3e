package dev.sesame.bench.faults

import dev.sesame.bench.Flags
import dev.sesame.bench.waits.Box
import java.nio.file.Files
import java.nio.file.Path
import kotlin.random.Random

/** How many rounds; how soon all must work again; and for a short one how many faults each, none that lasts longer than [longestMs]. */
internal class FaultsPlan(
    val rounds: Int = 2,
    val seed: Long = System.nanoTime(),
    val most: Int = Int.MAX_VALUE,
    val longestMs: Long = Long.MAX_VALUE,
    val backWithinMs: Long = BACK_WITHIN_MS,
) {
    companion object {
        /** A killed broker's work waits for its lease, a stopped one's for its turn. */
        private const val BACK_WITHIN_MS = 20_000L

        fun of(flags: Flags): FaultsPlan =
            FaultsPlan().let { FaultsPlan(flags.count("--rounds", it.rounds), flags.whole("--seed", it.seed)) }
    }
}

/**
 * Real brokers under mixed load, one on SQLite and two on one PostgreSQL, with everything around them broken from outside, one fault after the
 * other in an order of the seed. After each they must be back by themselves; at the end of a round the driver's own history is held against
 * what they have.
 *
 * The seed fixes what is broken and in which order, and what each caller asks, not how the processes meet: the same seed is a similar run.
 */
internal class FaultsBench(private val plan: FaultsPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private val random = Random(plan.seed)
    private val broken = LinkedHashSet<String>()
    private val counts = Counts()

    /** Whether every promise was kept. */
    fun run(): Boolean {
        say("bench faults: --rounds ${plan.rounds} --seed ${plan.seed}")
        say(Box(scratch).describe())
        for (number in 1..plan.rounds) {
            for (engine in listOf(Scene.SQLITE, Scene.POSTGRESQL)) {
                round(engine, number)
                if (broken.isNotEmpty()) break
            }
            if (broken.isNotEmpty()) break
        }
        broken.take(SHOWN).forEach { say("BROKEN: $it") }
        counts.table(broken).forEach(say)
        say("load average after: ${Box.load()}")
        return broken.isEmpty()
    }

    private fun round(engine: String, number: Int) {
        val place = Files.createDirectories(scratch.resolve("round-$number"))
        Scene.on(engine, place, Random(random.nextLong())).use { scene ->
            val faults = Faults(scene, Random(random.nextLong()))
            say("round $number, $engine: ${scene.nodes.size} broker(s) ready")
            faults.leftOut.forEach { say("LEFT OUT: $it") }
            val chosen = faults.all().filter { it.lastsMs <= plan.longestMs }.shuffled(random).take(plan.most)
            try {
                Load(scene).use { load -> Round(scene, load, counts, plan.backWithinMs, say).run(chosen) }
            } catch (problem: IllegalStateException) { // the driver's own: it couldn't do what it wanted to see
                broken += "round $number on $engine proves nothing: ${problem.message}"
            }
            broken += scene.faults
        }
    }

    private companion object {
        const val SHOWN = 20
    }
}
