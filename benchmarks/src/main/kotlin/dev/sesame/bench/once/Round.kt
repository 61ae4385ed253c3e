package dev.sesame.bench.once

import dev.sesame.bench.text
import kotlinx.serialization.json.JsonObject
import kotlin.random.Random

/** Messages at a steady pace, and meanwhile every blow there is, in an order of the seed; then a look at what came of each message. */
internal class Round(private val shop: Shop, private val plan: OncePlan, private val random: Random, private val number: Int) {
    private val blows = Blows(shop)
    private val ids = ArrayList<String>()
    private var wake: () -> Unit = {}

    /** Returns when the queue is empty, no claim is held any more, and a late duplicate of all that is unknown was answered. */
    fun run() {
        val loading = Random(random.nextLong())
        val load = Thread.ofVirtual().start { load(loading) }
        strikes().shuffled(random).forEach { strike ->
            strike()
            Thread.sleep(random.nextLong(LONGEST_PAUSE_MS))
        }
        wake()
        load.join()
        awaitEmptyQueue()
        shop.awaitThat("no claim is held", (plan.leaseSeconds + LATE_SECONDS) * MS) {
            ids().none { stateOf(it) == "claimed" }
        }
        // Whoever comes now must be told, also of a run that was allowed too early and died while the first one ended.
        ids().filter { stateOf(it) == "unknown" }.forEach(shop.queue::duplicate)
        awaitEmptyQueue()
    }

    private fun awaitEmptyQueue() = shop.awaitThat("the queue is empty", DRAIN_MS) { shop.queue.isEmpty }

    fun stories(): List<Story> {
        val runs = Effects.read(shop.scratch)
        return ids().map { id ->
            val document = shop.people.document(id)
            shop.history.story(id, runs[id].orEmpty(), document?.text("status"), execution(document))
        }
    }

    private fun strikes(): List<() -> Unit> {
        val places = Place.entries.map { place -> { blows.killAt(place, marked("kill-${place.ordinal}")) } }
        val zombie = Zombie(shop, blows, plan, "m$number-zombie").also { noted(it.ids) }
        return places + listOf(
            { blows.killInBlock(marked("kill-block", IN_BLOCK_MS)) },
            { blows.killAnywhere(shop.running().random(random)) },
            { blows.killAnywhere(shop.running().random(random)) },
            { blows.killBroker() },
            { wake = zombie.stop(shop.running().random(random)) },
        )
    }

    private fun load(random: Random) = repeat(plan.messages) { index ->
        val message = Message.ordinary("m$number-$index", random)
        noted(listOf(message.id))
        val to = if (random.nextInt(TWICE_ONE_IN) == 0) shop.replicas else listOf(shop.replicas.random(random))
        shop.queue.put(message, to)
        Thread.sleep(random.nextLong(LONGEST_GAP_MS))
    }

    private fun marked(what: String, lastingMs: Long = 0): Message =
        Message.marked("m$number-$what", Afterwards.entries.random(random), lastingMs).also { noted(listOf(it.id)) }

    private fun noted(more: List<String>) = synchronized(ids) { ids += more }

    private fun ids(): List<String> = synchronized(ids) { ids.toList() }

    private fun stateOf(id: String): String? = execution(shop.people.document(id))

    private fun execution(document: JsonObject?): String? = (document?.get("execution") as? JsonObject)?.text("state")

    private companion object {
        const val TWICE_ONE_IN = 3
        const val LONGEST_PAUSE_MS = 600L
        const val LONGEST_GAP_MS = 300L
        const val IN_BLOCK_MS = 4_000L
        const val DRAIN_MS = 120_000L
        const val LATE_SECONDS = 20
        const val MS = 1_000L
    }
}
