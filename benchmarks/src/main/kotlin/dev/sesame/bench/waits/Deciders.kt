package dev.sesame.bench.waits

import dev.sesame.bench.KeptConnection
import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger

/** The people, as bare as HTTP allows: one kept connection each, so that what is measured is the broker and who waits for it. */
internal class Deciders(url: String, token: String, count: Int = COUNT) : AutoCloseable {
    private val people = List(count) { Decider(KeptConnection(url, token)) }

    /** Returns when the broker says that [answer] is on its disk. */
    fun decide(id: String, answer: String): Unit = people.first().decide(id, answer)

    /** All of [ids] by all deciders at once, as fast as they can. */
    fun decideAll(ids: List<String>, answer: String) {
        val next = AtomicInteger()
        val workers = people.map { person ->
            Thread.ofPlatform().start { generateSequence { ids.getOrNull(next.getAndIncrement()) }.forEach { person.decide(it, answer) } }
        }
        workers.forEach { it.join() }
    }

    override fun close(): Unit = people.forEach { it.close() }

    companion object {
        const val COUNT = 8
    }
}

private class Decider(private val connection: KeptConnection) : AutoCloseable {
    fun decide(id: String, answer: String) {
        val said = connection.post("/v1/approvals/$id/decision", "{\"decision\":\"$answer\"}")
        if (said.status != OK) throw IOException("$id could not be decided: ${said.status} ${said.body}")
    }

    override fun close(): Unit = connection.close()

    private companion object {
        const val OK = 200
    }
}
