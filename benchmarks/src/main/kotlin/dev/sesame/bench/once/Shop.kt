package dev.sesame.bench.once

import dev.sesame.bench.BrokerProcess
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue

/** The whole scene: a broker, the replicas of a user's program, each behind a proxy, their queue, and people. */
internal class Shop(val broker: BrokerProcess, plan: OncePlan, val scratch: Path, seed: Long) : AutoCloseable {
    val history = History()
    val holds = Holds()
    val people = People(broker.url, broker.adminToken, history)

    /** What went wrong with the driver itself: then the run proves nothing. */
    val faults = ConcurrentLinkedQueue<String>()
    private val around = Surroundings(scratch, broker.apiKey, plan.leaseSeconds, ::heard) { queue.lost(it) }
    private val proxies = List(plan.replicas) { HoldingProxy(broker.url, it, holds) }
    val replicas: List<Replica> = proxies.mapIndexed { index, proxy -> Replica(index, proxy.url, around) }
    val queue: Queue = Queue(replicas, history, seed, ::settle)

    @Volatile private var isOver = false
    private val upkeep = listOf(repeating(LOOK_EVERY_MS, people::look), repeating(REDELIVER_EVERY_MS, queue::redeliver))

    fun open() {
        replicas.forEach { it.start() }
        upkeep.forEach { it.start() }
    }

    /** Those that aren't stopped. */
    fun running(): List<Replica> = replicas.filterNot { it.isStopped }

    /** Waits for what must come soon on any machine. */
    fun <T : Any> await(what: String, withinMs: Long = PATIENCE_MS, look: () -> T?): T {
        val end = System.nanoTime() + withinMs * NANOS
        while (System.nanoTime() < end) {
            look()?.let { return it }
            Thread.sleep(1)
        }
        error("it never came to this: $what")
    }

    fun awaitThat(what: String, withinMs: Long = PATIENCE_MS, holds: () -> Boolean) {
        await(what, withinMs) { holds().takeIf { it } }
    }

    override fun close() {
        isOver = true
        upkeep.forEach { it.join() }
        replicas.forEach { it.close() }
        proxies.forEach { it.close() }
        people.close()
    }

    private fun heard(replica: Replica, line: String) {
        val words = line.split(' ')
        when (words.first()) {
            "begin" -> history.begun(words[1], replica.index)

            "said" -> Word.of(words.last()).let { word ->
                if (word == Word.FAULT) faults += line
                queue.said(words[1], words[2].toInt(), word)
            }

            "end" -> Unit

            else -> faults += "worker ${replica.index} printed: $line"
        }
    }

    private fun settle(message: Message) {
        Thread.ofVirtual().start {
            when (message.afterwards) {
                Afterwards.ADMIN_FAILED -> settleByAdmin(message, "failed", Word.ALLOWED_BY_ADMIN)
                Afterwards.ADMIN_SUCCEEDED -> settleByAdmin(message, "succeeded", Word.SETTLED_AS_DONE)
                else -> history.say(message.id, Word.ALLOWED_BY_CALLER)
            }
            history.count("settled ${message.afterwards}")
            queue.settled(message.id, isAfterUnknown = message.afterwards == Afterwards.CALLER_AGAIN)
        }
    }

    /** Noted before it is sent: a run may come sooner than the answer. */
    private fun settleByAdmin(message: Message, outcome: String, word: Word) {
        history.say(message.id, word)
        if (!people.settle(message, outcome)) history.unsay(message.id, word)
    }

    private fun repeating(everyMs: Long, step: () -> Unit): Thread = Thread.ofVirtual().unstarted {
        while (!isOver) {
            try {
                step()
            } catch (problem: Exception) { // whatever it is, the run is not a proof any more
                faults += "the driver failed: $problem"
            }
            Thread.sleep(everyMs)
        }
    }

    private companion object {
        const val LOOK_EVERY_MS = 50L
        const val REDELIVER_EVERY_MS = 50L
        const val PATIENCE_MS = 60_000L
        const val NANOS = 1_000_000L
    }
}
