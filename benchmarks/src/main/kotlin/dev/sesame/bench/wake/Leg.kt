package dev.sesame.bench.wake

import dev.sesame.bench.waits.Burst
import dev.sesame.bench.waits.Deciders
import dev.sesame.bench.waits.Gauges
import dev.sesame.bench.waits.Marks
import dev.sesame.bench.waits.Parked
import dev.sesame.bench.waits.SesameSide
import dev.sesame.bench.waits.Single
import dev.sesame.bench.waits.Tally
import kotlinx.coroutines.delay
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

/** Waits at one place that go one way, and what comes of decisions at the deciding broker. */
internal class Leg(private val nodes: Nodes, private val place: Place, private val way: Way, private val tally: Tally) {
    /** [count] waits held, of which [samples] are decided one at a time; after each another takes its place. */
    suspend fun singles(count: Int, samples: Int): List<Single> = parked(count + samples) { parked ->
        parked.ask(count)
        val seen = List(samples) { sample ->
            delay(BETWEEN + if (place == Place.WITHOUT_BELL) Random.nextLong(BETWEEN_LOOKS_MS).milliseconds else 0.milliseconds)
            parked.decideOne(DENY).also { parked.askOne(count + sample) }
        }
        parked.decideAll(DENY)
        seen.filterNotNull()
    }

    /** [count] waits held, and all decided as fast as many people can. */
    suspend fun mass(count: Int): Burst = parked(count) { parked ->
        parked.open(count)
        parked.wait(count)
        parked.decideAll(DENY)
    }

    private suspend fun <T> parked(size: Int, step: suspend (Parked) -> T): T {
        val broker = nodes.at(place)
        val marks = Marks(size)
        return Deciders(nodes.deciding.url, nodes.deciding.adminToken, PEOPLE).use { deciders ->
            Gauges(broker).use { gauges ->
                val held = if (way == Way.POLLS) gauges::heldPolls else null
                SesameSide(broker.url, broker.apiKey, marks, size, held) { deciders.decide(it, DENY) }.use { side ->
                    side.prepare()
                    step(Parked(side, deciders, marks, tally))
                }
            }
        }
    }

    private companion object {
        const val DENY = "deny"

        /** PostgreSQL commits many at once better than few. */
        const val PEOPLE = 64

        /** Long enough for the wait that took the last one's place to be registered. */
        val BETWEEN = 25.milliseconds

        /** So that decisions come at any moment between two of the broker's own looks. */
        const val BETWEEN_LOOKS_MS = 250L
    }
}
