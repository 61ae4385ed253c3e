package dev.sesame.bench.wake

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.PostgresProcess
import dev.sesame.bench.waits.Box
import dev.sesame.bench.waits.Tally
import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** How many waits are held while single ones are decided, how many are decided at once, how many single ones a round times, how often. */
internal class WakePlan(
    val waits: List<Int> = listOf(1, 1_000),
    val mass: Int = 10_000,
    val singles: Int = 100,
    val rounds: Int = 3,
    val floorSamples: Int = 1_000,
) {
    companion object {
        fun of(flags: Flags): WakePlan = WakePlan().let {
            WakePlan(
                flags.counts("--n", it.waits),
                flags.count("--mass", it.mass),
                flags.count("--singles", it.singles),
                flags.count("--rounds", it.rounds),
            )
        }
    }
}

/**
 * How soon a wait hears of a decision that is made at one broker: on that broker, on another of the same PostgreSQL, and on one to which no
 * `NOTIFY` comes, as behind a pooler. By the SDK, over its feed and with a held poll each; then of thousands, decided as fast as possible.
 *
 * All take turns in every round, and the first round only warms up. Every wait is counted: one that is not told ends the run as failed.
 */
internal class WakeBench(private val plan: WakePlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private val tally = Tally()
    private val table = WakeTable(say)

    /** Whether every wait was told. */
    fun run(): Boolean {
        // Else the threads of one leg are still there while the next runs.
        System.setProperty("kotlinx.coroutines.scheduler.keep.alive.sec", "2")
        say("bench wake: --n ${plan.waits.joinToString(",")} --mass ${plan.mass} --singles ${plan.singles} --rounds ${plan.rounds}")
        say(Box(scratch).describe())
        PostgresProcess(scratch).use { postgres ->
            postgres.start()
            Nodes(postgres, scratch).use { nodes ->
                nodes.start()
                say("three brokers on a PostgreSQL, decisions are made at the first; ${BrokerProcess.limitsInWords}")
                repeat(plan.rounds) { round -> runBlocking { round(nodes, isCounted = round > 0 || plan.rounds == 1) } }
                val floors = Floors(plan.floorSamples)
                table.print(floors.bareCalls(nodes.deciding.url), floors.notices { postgres.connect(nodes.database) })
                say("rings kept from the broker without the bell: ${nodes.ringsKept}")
                check(nodes.ringsKept > 0) { "the broker without the bell was never rung at: nothing was kept from it" }
            }
        }
        say("lost=${tally.expected - tally.got}, got ${"%,d".format(tally.got)} of ${"%,d".format(tally.expected)}")
        say("load average after: ${Box.load()}")
        return tally.got == tally.expected
    }

    private suspend fun round(nodes: Nodes, isCounted: Boolean) {
        for (way in Way.entries) {
            for (place in Place.entries) {
                val leg = Leg(nodes, place, way, tally)
                for (waits in plan.waits) leg.singles(waits, plan.singles).also { if (isCounted) table.add(waits, place, way, it) }
                // Without the bell it is the same but for the last look.
                if (place != Place.WITHOUT_BELL) leg.mass(plan.mass).also { if (isCounted) table.addMass(plan.mass, place, way, it) }
            }
        }
    }
}

/** Where the wait is, as seen from the decision. */
internal enum class Place(val words: String) {
    SAME("on the same broker"),
    OTHER("on another"),
    WITHOUT_BELL("on another, to which no NOTIFY comes"),
}

/** How it waits. */
internal enum class Way(val words: String) {
    FEED("SDK, one feed for all"),
    POLLS("SDK, a held poll each"),
}
