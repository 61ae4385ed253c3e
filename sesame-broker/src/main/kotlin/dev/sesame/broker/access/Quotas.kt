package dev.sesame.broker.access

import java.util.concurrent.ConcurrentHashMap
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** How many things of one kind each requester may hold open at once. */
internal class Places(private val what: String, private val limit: Int) {
    private val taken = ConcurrentHashMap<String, Int>()

    /** How many are held in all. */
    val count: Int get() = taken.values.sum()

    /** Runs [block] in a place of its own; [NoPlace] where the requester has none left. */
    suspend fun <T> within(requesterId: String, block: suspend () -> T): T {
        taken.compute(requesterId) { _, held ->
            if ((held ?: 0) <
                limit
            ) {
                (held ?: 0) + 1
            } else {
                throw NoPlace("at most $limit $what may be held at once")
            }
        }
        try {
            return block()
        } finally {
            taken.computeIfPresent(requesterId) { _, held -> (held - 1).takeIf { it > 0 } }
        }
    }
}

/** The requester has no place of that kind left; nothing was begun. */
internal class NoPlace(message: String) : RuntimeException(message)

/** How fast each requester may ask: [perSecond] on average, [burst] at once after a quiet time. */
internal class AskingRate(private val perSecond: Int, private val burst: Int, private val time: TimeSource.WithComparableMarks) {
    /** Per requester: when the next question would be due if they came evenly. Being ahead of that by the burst is allowed. */
    private val due = ConcurrentHashMap<String, ComparableTimeMark>()

    /** [NoPlace] where the requester asks too fast. */
    fun take(requesterId: String) {
        val now = time.markNow()
        val spacing = 1.seconds / perSecond
        due.compute(requesterId) { _, known ->
            val next = if (known == null || known < now) now else known
            if (next - now > spacing * (burst - 1)) throw NoPlace("at most $perSecond questions a second may be asked, $burst at once")
            next + spacing
        }
    }
}
