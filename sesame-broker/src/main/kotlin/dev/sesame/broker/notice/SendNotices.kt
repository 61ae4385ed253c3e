package dev.sesame.broker.notice

import dev.sesame.broker.delivery.RetrySchedule
import dev.sesame.broker.due.DueLoop
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Attempted
import dev.sesame.broker.store.NoticeStore
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.slf4j.LoggerFactory
import java.time.InstantSource
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * Sends what is owed over one [channel], when it is due. Each channel has a worker of its own, so that a dead one delays no other.
 *
 * A contact is told one thing at a time; many are told at once, so that a dead one delays no other either. What came of it is stored when
 * it is known: a crash before that tells once more, and loses nothing.
 */
internal class SendNotices(
    private val channel: Channel,
    private val notices: NoticeStore,
    approvals: ApprovalStore,
    private val schedule: RetrySchedule,
    private val clock: InstantSource,
    private val time: TimeSource = TimeSource.Monotonic,
    private val ended: (NoticeState) -> Unit = {},
) {
    private val tell = TellContact(channel, notices, approvals, clock, ::settle)
    private val loop = DueLoop(LoggerFactory.getLogger("dev.sesame.broker.notice"), "Sending notices")
    private val busy = ConcurrentHashMap.newKeySet<String>()

    @Volatile private var pausedUntil: TimeMark? = null

    /** Says that something new may be due. */
    fun nudge() = loop.nudge()

    /** Goes on until it is cancelled; what is under way then is sent again after the next start. */
    suspend fun run() = loop.run { round() }

    /** Returns whether anything is owed. */
    private suspend fun CoroutineScope.round(): Boolean {
        if (pausedUntil?.hasPassedNow() == false) return true
        if (!notices.areOwed(channel.name)) return false
        val due = notices.contactsDue(channel.name, clock.instant(), MOST_CONTACTS)
        due.filter { it !in busy }.take(MOST_AT_ONCE - busy.size).forEach { address ->
            busy += address
            launch { serve(address) }
        }
        return true
    }

    private suspend fun serve(address: String) {
        try {
            if (!loop.orLater { tell.next(address) }) delay(DueLoop.AFTER_FAULT)
        } finally {
            busy -= address
            nudge()
        }
    }

    /** Keeps what came of [told]. */
    private suspend fun settle(told: List<Notice>, outcome: Told) {
        val after = after(told.first(), outcome)
        notices.record(told.map { it.seq }, after, clock.instant())
        after.nextAt?.let { notices.putOff(channel.name, told.first().contact.address, it) }
        if (after.counts) repeat(told.size) { ended(after.state) }
    }

    private fun after(first: Notice, told: Told): Attempted = when (told) {
        is Told.Sent -> Attempted(NoticeState.SENT, told.detail)
        is Told.Dropped -> Attempted(NoticeState.DROPPED, told.why)
        is Told.Refused -> Attempted(NoticeState.FAILED, told.why)
        is Told.Failed -> again(first, told)
        is Told.Busy -> busy(told)
    }

    private fun again(notice: Notice, told: Told.Failed): Attempted {
        val wait = schedule.nextAfter(notice.attempts + 1, told.retryAfter) ?: return Attempted(NoticeState.FAILED, told.why)
        return Attempted(NoticeState.PENDING, told.why, clock.instant().plusMillis(wait.inWholeMilliseconds))
    }

    private fun busy(told: Told.Busy): Attempted {
        pausedUntil = time.markNow() + told.pause
        return Attempted(NoticeState.PENDING, told.why, clock.instant().plusMillis(told.pause.inWholeMilliseconds), counts = false)
    }

    companion object {
        /** When a notice that wasn't taken is tried again; ±20 %, as webhooks are. A decision ends it before, since nobody needs it then. */
        val STEPS = listOf(2.seconds, 10.seconds, 1.minutes, 5.minutes, 15.minutes, 30.minutes, 1.hours, 2.hours, 4.hours, 8.hours)

        private const val MOST_AT_ONCE = 64
        private const val MOST_CONTACTS = 1_000
    }
}
