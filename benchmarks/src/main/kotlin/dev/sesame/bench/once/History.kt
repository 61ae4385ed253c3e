package dev.sesame.bench.once

import java.util.Collections
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

/** What the driver itself sees happen, kept outside the broker and the workers. */
internal class History {
    private class Kept(val message: Message) {
        val words = ArrayList<Word>()
        val isWanted = AtomicInteger()
        val deadClaims = AtomicInteger()

        @Volatile var approvalId: String? = null
    }

    private val kept = ConcurrentHashMap<String, Kept>()

    /** Who reached the block of which message; for whoever waits for that. */
    private val begun = ConcurrentLinkedQueue<Pair<String, Int>>()

    /** Which deliveries got a word. */
    private val answered: MutableSet<Pair<String, Int>> = ConcurrentHashMap.newKeySet()

    /** How often anything happened, by its name, in the order of first mention. */
    val counts: MutableMap<String, AtomicInteger> = Collections.synchronizedMap(LinkedHashMap())

    fun count(what: String) {
        counts.computeIfAbsent(what) { AtomicInteger() }.incrementAndGet()
    }

    fun add(message: Message) {
        kept[message.id] = Kept(message)
    }

    fun message(id: String): Message = kept.getValue(id).message

    fun say(id: String, word: Word) {
        val of = kept.getValue(id)
        synchronized(of.words) { of.words += word }
    }

    /** For a permission that was asked for and refused. */
    fun unsay(id: String, word: Word) {
        val of = kept.getValue(id)
        synchronized(of.words) { of.words.removeAt(of.words.lastIndexOf(word)) }
    }

    fun words(id: String): List<Word> = kept.getValue(id).words.let { synchronized(it) { it.toList() } }

    fun isAsked(id: String, approvalId: String) {
        kept.getValue(id).approvalId = approvalId
    }

    fun approvalId(id: String): String? = kept.getValue(id).approvalId

    fun isApproved(id: String) {
        kept.getValue(id).isWanted.incrementAndGet()
    }

    /** The claim that is held now dies with its process, or is void by the time that it wakes up. */
    fun claimIsDead(id: String) {
        kept.getValue(id).deadClaims.incrementAndGet()
    }

    fun isAnswered(id: String, number: Int): Boolean = id to number in answered

    fun answer(id: String, number: Int) {
        answered += id to number
    }

    fun begun(id: String, replica: Int) {
        begun += id to replica
    }

    /** Which replicas reached its block, the latest last. */
    fun begunBy(id: String): List<Int> = begun.filter { it.first == id }.map { it.second }

    fun story(id: String, runs: List<BlockRun>, status: String?, execution: String?): Story {
        val of = kept.getValue(id)
        return Story(id, of.isWanted.get() > 0, words(id), runs, status, execution, of.deadClaims.get())
    }
}
