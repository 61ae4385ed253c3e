package dev.sesame.bench.faults

import kotlin.random.Random

/** Everybody who uses the brokers at once; through every fault, since nobody tells them of it. */
internal class Load(private val scene: Scene) : AutoCloseable {
    private val people = People(scene.doors)
    private val askers = Askers(scene.doors, people, scene.receiver.url) { isGivenUp }
    private val urls = scene.nodes.map { "http://127.0.0.1:${it.front.port}" }
    private val errands = Errands(urls, scene.credentials.apiKey, scene.history, people, Random(scene.seeds.nextLong()))

    @Volatile private var isAsking = true

    @Volatile private var isAnswering = true

    @Volatile private var isGivenUp = false
    private val asking = ArrayList<Thread>()
    private val answering = ArrayList<Thread>()

    fun begin() {
        repeat(ASKERS) { asking += worker({ isAsking }) { random -> askers.ask(random).also { pause(random, ASKER_MS) } } }
        asking += worker({ isAsking }) { random -> errands.topUp(ERRANDS, scene.receiver.url).also { pause(random, TOP_UP_MS) } }
        repeat(PEOPLE) { answering += worker({ isAnswering }) { random -> people.step(random).also { pause(random, PERSON_MS) } } }
    }

    /** Nothing new is asked; returns once each call that is under way has ended. */
    fun end() {
        isAsking = false
        val end = System.nanoTime() + END_MS * NANOS
        while (System.nanoTime() < end && (asking.any { it.isAlive } || !errands.isIdle || !people.isIdle)) Thread.sleep(LOOK_EVERY_MS)
        val left = asking.count { it.isAlive }
        if (left > 0 || !errands.isIdle) scene.faults += "LOST waits: $left askers, or calls of the SDK, never heard of an end"
        isAnswering = false
        answering.forEach { it.join(END_MS) }
    }

    override fun close() {
        isAsking = false
        isAnswering = false
        isGivenUp = true
        (asking + answering).forEach { it.join() }
        errands.close()
        people.close()
    }

    private fun worker(goesOn: () -> Boolean, step: (Random) -> Unit): Thread {
        val random = Random(scene.seeds.nextLong())
        return Thread.ofVirtual().start {
            try {
                while (goesOn()) step(random)
            } catch (_: InterruptedException) {
                // It is over.
            } catch (problem: Exception) { // whatever it is, the run is not a proof any more
                scene.faults += "the driver failed: $problem"
            }
        }
    }

    private fun pause(random: Random, longestMs: Long) = Thread.sleep(random.nextLong(longestMs))

    private companion object {
        const val ASKERS = 6
        const val PEOPLE = 3
        const val ERRANDS = 10
        const val ASKER_MS = 80L
        const val PERSON_MS = 40L
        const val TOP_UP_MS = 20L
        const val LOOK_EVERY_MS = 20L

        /** Beyond a client's patience with a call, and the pauses between its tries. */
        const val END_MS = 60_000L
        const val NANOS = 1_000_000L
    }
}
