package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.DueTimes
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.time.Instant
import java.time.InstantSource
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * Whether anything is due: a broker at rest looks at its clock, and seldom at its store.
 *
 * The store is asked again after every change, and once a second whatever happens. The clock is looked at anew each time, so that its jumps are
 * noticed.
 */
internal class NextDue(private val store: ApprovalStore, private val clock: InstantSource, private val time: TimeSource) {
    private class Known(val times: DueTimes, val change: Long, val asked: TimeMark)

    private val asking = Mutex()
    private val changes = AtomicLong()
    private var known: Known? = null

    /** Something was committed, after which another time may be the next. */
    fun changed() {
        changes.incrementAndGet()
    }

    /** Whether what [which] names is due. */
    suspend fun isDue(which: (DueTimes) -> Instant?): Boolean = which(times())?.let { clock.instant() >= it } ?: false

    private suspend fun times(): DueTimes = asking.withLock {
        known?.takeIf { it.change == changes.get() && it.asked.elapsedNow() < AT_MOST }?.let { return it.times }
        val change = changes.get() // before the asking: what is committed meanwhile may not be in the answer
        val asked = time.markNow()
        store.dueTimes().also { known = Known(it, change, asked) }
    }

    private companion object {
        val AT_MOST = 1.seconds
    }
}
