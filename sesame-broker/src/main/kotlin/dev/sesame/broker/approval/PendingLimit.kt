package dev.sesame.broker.approval

import dev.sesame.Mode
import dev.sesame.broker.store.ApprovalStore
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * How many questions each requester may have pending: [most].
 *
 * Counting takes the longer the more there are, so a count holds for a second, with what was asked here since added: that can only be too many,
 * and whoever would be refused by it is counted anew. What other brokers opened meanwhile is seen with the next count.
 */
internal class PendingLimit(private val store: ApprovalStore, private val most: Int, private val time: TimeSource = TimeSource.Monotonic) {
    private class Count(val pending: Int, val until: TimeMark)

    private val counts = ConcurrentHashMap<Pair<String, Mode>, Count>()

    /** Makes place for one more question; [TooManyPending] where there is none. */
    suspend fun take(requesterId: String, mode: Mode) {
        val whose = requesterId to mode
        if (addTo(whose)) return
        val pending = store.countPending(requesterId, mode, most)
        if (pending >= most) throw TooManyPending(most)
        if (counts.size >= MOST_COUNTS) counts.clear()
        val counted = Count(pending + 1, time.markNow() + FOR)
        // Others counted at the same time, and theirs know of each other no more than this one.
        counts.merge(whose, counted) { there, one ->
            if (there.until.hasPassedNow()) one else Count(maxOf(there.pending, pending) + 1, there.until)
        }
    }

    /** `false`: it must be counted. */
    private fun addTo(whose: Pair<String, Mode>): Boolean {
        var isAdded = false
        counts.computeIfPresent(whose) { _, count ->
            isAdded = count.pending < most && !count.until.hasPassedNow()
            if (isAdded) Count(count.pending + 1, count.until) else null
        }
        return isAdded
    }

    private companion object {
        val FOR = 1.seconds
        const val MOST_COUNTS = 10_000
    }
}

/** The requester has [limit] questions open: people must answer some first. */
internal class TooManyPending(val limit: Int) : RuntimeException("at most $limit requests may be open at once")
