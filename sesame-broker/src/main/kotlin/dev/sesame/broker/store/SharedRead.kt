package dev.sesame.broker.store

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/**
 * Answers many who ask at the same time with one [read] for all that they ask.
 *
 * Each answer is as new as that of a read of one's own, since the read begins after it was asked for: whoever asks while one is under way
 * shares the next. So a thousand who are woken by the same event cost two reads.
 */
internal class SharedRead<K, V>(private val read: suspend (Set<K>) -> Map<K, V>) {
    private class Round<K, V>(var before: Round<K, V>?) {
        val keys = HashSet<K>()
        val answers = CompletableDeferred<Map<K, V>>()
    }

    /** Who may still be joined; `null` where the last one has begun. */
    private var open: Round<K, V>? = null

    /** The newest, which the next one has to wait for. */
    private var newest: Round<K, V>? = null

    /** What was read for [key]; `null` where the read had nothing for it. A failed read fails for all who share it. */
    suspend fun of(key: K): V? {
        val (round, isFirst) = join(key)
        // Others count on it, even if who asked first has left.
        if (isFirst) withContext(NonCancellable) { run(round) }
        return round.answers.await()[key]
    }

    @Synchronized
    private fun join(key: K): Pair<Round<K, V>, Boolean> {
        val there = open
        val round = there ?: Round(newest).also {
            open = it
            newest = it
        }
        round.keys += key
        return round to (there == null)
    }

    private suspend fun run(round: Round<K, V>) {
        round.before?.answers?.join()
        begin(round)
        try {
            round.answers.complete(read(round.keys))
        } catch (problem: Throwable) { // whatever it is, all who share it must hear of it
            round.answers.completeExceptionally(problem)
        }
    }

    @Synchronized
    private fun begin(round: Round<K, V>) {
        open = null
        round.before = null
    }
}
