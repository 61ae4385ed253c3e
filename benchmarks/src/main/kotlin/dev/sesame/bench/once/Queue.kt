package dev.sesame.bench.once

import kotlin.random.Random

/**
 * A queue that redelivers: a message is given again, to any replica, when nobody acknowledged it in time, and some are given to all at once.
 *
 * It knows nothing of what workers do with it but their words. After a word that nobody knows the outcome, [settle] is told once.
 */
internal class Queue(private val replicas: List<Replica>, private val history: History, seed: Long, private val settle: (Message) -> Unit) {
    private class Entry(val message: Message) {
        var number = 0
        var dueAt = 0L
        val heldBy = mutableSetOf<Int>()

        /** What a delivery up to this one says of an unknown outcome is older than the word of whoever settled it. */
        var settledAt: Int? = null
    }

    private val random = Random(seed)
    private val open = LinkedHashMap<String, Entry>()
    private val acknowledged = HashMap<String, Entry>()

    val isEmpty: Boolean @Synchronized get() = open.isEmpty()

    /** Gives [message] to one replica, or to all at once; again only after [againAfterMs]. */
    @Synchronized
    fun put(message: Message, to: List<Replica> = listOf(replicas.random(random)), againAfterMs: Long = AGAIN_MS) {
        history.add(message)
        val entry = Entry(message).also { open[message.id] = it }
        history.count("messages")
        to.forEach { give(entry, it) }
        entry.dueAt = now() + againAfterMs
    }

    /** Gives again what is due; to be called often. */
    @Synchronized
    fun redeliver() {
        open.values.filter { it.dueAt <= now() }.forEach {
            give(it, replicas.random(random))
            history.count("redeliveries")
        }
    }

    /** Now, not when it is due. */
    @Synchronized
    fun hurry(id: String) {
        open[id]?.dueAt = 0
    }

    /** A consumer's connection is gone, and with it what it held. */
    @Synchronized
    fun lost(replica: Replica) = open.values.filter { replica.index in it.heldBy }.forEach { it.dueAt = 0 }

    /** Somebody allowed another run, or said that there was one: the next delivery will tell. */
    @Synchronized
    fun settled(id: String, isAfterUnknown: Boolean = false) {
        val entry = open[id] ?: return
        entry.settledAt = entry.number
        give(entry, replicas.filterNot { it.isStopped }.random(random), isAfterUnknown)
    }

    /** What a worker said of delivery [number]. */
    @Synchronized
    fun said(id: String, number: Int, word: Word) {
        history.count("said $word")
        history.answer(id, number)
        val entry = open[id]
        if (word == Word.UNKNOWN && entry != null && entry.message.afterwards != Afterwards.LEAVE) {
            val at = entry.settledAt
            if (at != null && number <= at) return // it was said before somebody settled it
            history.say(id, word)
            if (at != null) acknowledge(id) else settleOnce(entry)
        } else {
            history.say(id, word)
            if (word.endsIt) acknowledge(id)
        }
    }

    /** A duplicate that comes late, of what was acknowledged long ago. */
    @Synchronized
    fun duplicate(id: String) {
        val entry = acknowledged.remove(id) ?: return
        entry.settledAt = entry.number
        open[id] = entry
        give(entry, replicas.random(random))
        history.count("late duplicates of what is unknown")
    }

    private fun acknowledge(id: String) {
        open.remove(id)?.let { acknowledged[id] = it }
    }

    private fun settleOnce(entry: Entry) {
        entry.settledAt = Int.MAX_VALUE
        settle(entry.message)
    }

    private fun give(entry: Entry, to: Replica, isAfterUnknown: Boolean = false) {
        val message = entry.message
        entry.dueAt = now() + AGAIN_MS + random.nextLong(AGAIN_MS)
        entry.heldBy += to.index
        history.count("deliveries")
        to.deliver(Delivery(message.id, ++entry.number, message.lastingMs, message.expiresInSeconds, isAfterUnknown))
    }

    private fun now() = System.nanoTime() / 1_000_000

    private companion object {
        const val AGAIN_MS = 1_500L
    }
}
