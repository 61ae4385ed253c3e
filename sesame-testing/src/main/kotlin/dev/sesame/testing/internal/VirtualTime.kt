package dev.sesame.testing.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestCoroutineScheduler
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Instant
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource
import kotlin.time.toKotlinDuration

/** The time of a test scheduler: a delay of hours is over at once, for the broker and its clients alike. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class VirtualTime(private val scheduler: TestCoroutineScheduler, private val start: Instant) : BrokerTime {
    override val dispatcher: CoroutineDispatcher = StandardTestDispatcher(scheduler)

    // What runs in a background scope doesn't count as work left to do: `advanceUntilIdle` ends where only waits are left.
    override val background: CoroutineContext = TestScope(dispatcher).backgroundScope.coroutineContext.minusKey(Job)
    override val source: TimeSource.WithComparableMarks get() = scheduler.timeSource

    override fun now(): Instant = start.plusMillis(scheduler.currentTime)

    override fun advance(by: Duration) {
        scheduler.advanceTimeBy(by)
        scheduler.runCurrent()
    }

    override fun watch(agenda: Agenda): AutoCloseable {
        val watching = CoroutineScope(background).launch {
            while (true) {
                val seen = agenda.changes.value
                agenda.doDue()
                val toNext = agenda.nextDue()?.let { java.time.Duration.between(now(), it).toKotlinDuration() } ?: Duration.INFINITE
                withTimeoutOrNull(toNext.coerceAtLeast(SHORTEST)) { agenda.changes.first { it != seen } }
            }
        }
        return AutoCloseable { watching.cancel() }
    }

    override fun settle(): Unit = scheduler.runCurrent()

    private companion object {
        /** The scheduler's own grain. */
        val SHORTEST = 1.milliseconds
    }
}
