package dev.sesame.broker.notice.telegram

import kotlinx.coroutines.delay
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** How fast messages may go out: 25 a second in all, one a second to each chat, none while Telegram asked for a pause. */
internal class Pace(private val time: TimeSource.WithComparableMarks) {
    private var next: ComparableTimeMark = time.markNow()

    /** Per chat, when its next message may go; the one that was written to the longest ago comes first. */
    private val nextIn = LinkedHashMap<String, ComparableTimeMark>()

    /** Returns when a message may go to [chat], and counts as one. */
    suspend fun take(chat: String) {
        while (true) {
            val wait = tryTake(chat)
            if (wait == Duration.ZERO) return
            delay(wait)
        }
    }

    /** Takes a place where there is one, and is zero then; else how long to wait before the next try. */
    @Synchronized
    fun tryTake(chat: String): Duration {
        val now = time.markNow()
        val wait = maxOf(next, nextIn[chat] ?: now) - now
        if (wait > Duration.ZERO) return wait.coerceAtLeast(1.milliseconds)
        next = now + SPACING
        nextIn.remove(chat)
        nextIn[chat] = now + IN_ONE_CHAT
        while (nextIn.entries.first().value <= now) nextIn.remove(nextIn.entries.first().key)
        return Duration.ZERO
    }

    /** Lets nothing go for [pause]. */
    @Synchronized
    fun pause(pause: Duration) {
        next = maxOf(next, time.markNow() + pause)
    }

    private companion object {
        /** Telegram lets about 30 a second pass. */
        val SPACING = 1.seconds / 25
        val IN_ONE_CHAT = 1.seconds
    }
}
