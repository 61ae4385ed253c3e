package dev.sesame.testing.internal

import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode

/** What callers hold open, of one kind: at most [limit] each. Thread-safe. */
internal class Places(private val what: String, private val limit: Int) {
    private val held = LinkedHashMap<Any, Pair<String, String>>() // who, and for what; guarded by this

    /** What is held, in words. */
    val all: List<String> @Synchronized get() = held.values.map { it.second }

    /** Refuses who has no place left. */
    @Synchronized
    fun check(holderId: String) {
        if (held.values.count { it.first == holderId } >= limit) {
            throw Problem(ProblemCode.RATE_LIMITED, "at most $limit $what may be held at once", retryAfterSeconds = 1)
        }
    }

    /** Runs [block] in a place of its own; [about] says what for. */
    suspend fun <T> within(holderId: String, about: String, block: suspend () -> T): T {
        val place = Any()
        synchronized(this) {
            check(holderId)
            held[place] = holderId to about
        }
        try {
            return block()
        } finally {
            synchronized(this) { held.remove(place) }
        }
    }
}
