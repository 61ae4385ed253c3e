package dev.sesame.bench.waits

import dev.sesame.bench.KeptConnection
import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger

/** The [people] who decide, one after the other or all at once. */
internal class Deciders(private val people: List<Decider>) : AutoCloseable {
    /** Approvers of a broker. */
    constructor(url: String, token: String, count: Int = COUNT) : this(List(count) { Approver(KeptConnection(url, token)) })

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

/** Who decides one thing at a time. */
internal interface Decider : AutoCloseable {
    /** Returns when whoever keeps the decision says that it has it. */
    fun decide(id: String, answer: String)
}

/** As bare as HTTP allows: one kept connection, so that what is measured is the broker and who waits for it. */
private class Approver(private val connection: KeptConnection) : Decider {
    override fun decide(id: String, answer: String) {
        val said = connection.post("/v1/approvals/$id/decision", "{\"decision\":\"$answer\"}")
        if (said.status != OK) throw IOException("$id could not be decided: ${said.status} ${said.body}")
    }

    override fun close(): Unit = connection.close()

    private companion object {
        const val OK = 200
    }
}
