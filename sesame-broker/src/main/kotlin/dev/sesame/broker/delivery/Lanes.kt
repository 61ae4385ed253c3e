package dev.sesame.broker.delivery

import java.util.EnumMap
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * How much may be sent at once: to each receiver, and in all.
 *
 * A lane begins with one delivery at a time and is given one place more with each success, so that neither a new receiver nor one that came
 * back is flooded. Trouble takes it back to one, after a pause. Receivers that are in trouble or slow, those that nobody knows yet, and
 * the others each have places of their own: however many of the first there are, they never take one from the last.
 */
internal class Lanes(private val time: TimeSource.WithComparableMarks) {
    /** What is known of a receiver, and how many of its kind may be sent to at once. */
    private enum class Standing(val places: Int) { PROVEN(192), NEW(192), SUSPECT(64) }

    private class Lane {
        var standing = Standing.NEW
        var width = 1
        var busy = 0
        var troubles = 0
        var pausedUntil: ComparableTimeMark? = null
    }

    /** One place, taken until [end] gives it back. */
    inner class Place internal constructor(private val name: String, private val taken: Any) {
        /** [tried] is `null` where the broker itself failed, which says nothing about the receiver. */
        fun end(tried: Tried?) = leave(name, taken as Standing, tried)
    }

    private val lanes = LinkedHashMap<String, Lane>(16, 0.75f, true)
    private val busy = EnumMap<Standing, Int>(Standing::class.java)

    /** How many may begin now in each of these lanes, the first ones first; those without room are left out. */
    @Synchronized
    fun room(names: List<String>): Map<String, Int> {
        val left = Standing.entries.associateWithTo(EnumMap(Standing::class.java)) { it.places - (busy[it] ?: 0) }
        val now = time.markNow()
        return names.associateWith { name ->
            val lane = lanes[name] ?: Lane()
            val room = if (lane.isPaused(now)) 0 else minOf(lane.width - lane.busy, left.getValue(lane.standing)).coerceAtLeast(0)
            left[lane.standing] = left.getValue(lane.standing) - room
            room
        }.filterValues { it > 0 }
    }

    @Synchronized
    fun begin(name: String): Place {
        val lane = lanes.getOrPut(name) { Lane() }
        lane.busy++
        busy.merge(lane.standing, 1, Int::plus)
        if (lanes.size > MOST_KNOWN) lanes.entries.firstOrNull { it.value.busy == 0 }?.let { lanes.remove(it.key) }
        return Place(name, lane.standing)
    }

    @Synchronized
    private fun leave(name: String, taken: Standing, tried: Tried?) {
        busy.merge(taken, -1, Int::plus)
        val lane = lanes.getValue(name)
        lane.busy--
        if (tried == null) return
        if (tried.sent.isTrouble()) lane.failed(tried.sent.retryAfter) else lane.answered(slowly = tried.took > SLOW)
    }

    private fun Lane.isPaused(now: ComparableTimeMark) = pausedUntil?.let { now < it } ?: false

    private fun Lane.answered(slowly: Boolean) {
        troubles = 0
        pausedUntil = null
        standing = if (slowly) Standing.SUSPECT else Standing.PROVEN
        width = minOf(width + 1, if (slowly) WIDEST_SLOW else WIDEST)
    }

    private fun Lane.failed(retryAfter: Duration?) {
        troubles++
        standing = Standing.SUSPECT
        width = 1
        val pause = minOf(SHORTEST_PAUSE * (1 shl minOf(troubles - 1, DOUBLINGS)), LONGEST_PAUSE)
        pausedUntil = time.markNow() + maxOf(pause, minOf(retryAfter ?: Duration.ZERO, LONGEST_ASKED_PAUSE))
    }

    /** Another answer, such as 404, is about that one delivery: the receiver itself is well. */
    private fun Sent.isTrouble() = status == null || status == TOO_MANY || status >= SERVER_FAILED

    private companion object {
        const val WIDEST = 16
        const val WIDEST_SLOW = 4
        const val TOO_MANY = 429
        const val SERVER_FAILED = 500
        const val DOUBLINGS = 10
        val SLOW = 2.seconds
        val SHORTEST_PAUSE = 250.milliseconds
        val LONGEST_PAUSE = 30.seconds

        /** What a receiver may ask for, for all that waits for it; each delivery keeps to the schedule's bound besides. */
        val LONGEST_ASKED_PAUSE = 5.minutes

        /** Beyond it, the lane that was idle the longest begins anew as an unknown one. */
        const val MOST_KNOWN = 10_000
    }
}
