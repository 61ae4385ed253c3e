package dev.sesame.testing.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.StateFlow
import java.time.Instant
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/** How time passes for a fake broker, and on which threads its calls and its clients run. */
internal interface BrokerTime {
    fun now(): Instant

    /** Lets [by] pass; returns when what fell due is done. */
    fun advance(by: Duration)

    /** Has [agenda] done when it is due, until what is returned is closed. */
    fun watch(agenda: Agenda): AutoCloseable

    /** Lets everything run that needs no time to pass. */
    fun settle()

    /** Where calls are answered. */
    val dispatcher: CoroutineDispatcher

    /** Where those go on that may take forever: held reads, streams, a client's own coroutines. */
    val background: CoroutineContext

    /** What clients measure time by; `null` is the machine's. */
    val source: TimeSource.WithComparableMarks?
}

/** What has to be done when time has passed. */
internal interface Agenda {
    val changes: StateFlow<Long>

    fun nextDue(): Instant?

    fun doDue()
}

/** Time that stands still until somebody moves it; clients keep to the machine's. */
internal class StandingTime(start: Instant) : BrokerTime {
    private val agendas = CopyOnWriteArrayList<Agenda>()

    @Volatile private var now = start

    override fun now(): Instant = now

    /** From one due moment to the next, so that each thing is done in its own. */
    @Synchronized
    override fun advance(by: Duration) {
        val end = now + by.toJavaDuration()
        while (true) {
            val next = agendas.mapNotNull { it.nextDue() }.minOrNull()?.takeIf { it <= end } ?: break
            now = maxOf(now, next)
            agendas.forEach { it.doDue() }
        }
        now = end
    }

    override fun watch(agenda: Agenda): AutoCloseable {
        agendas += agenda
        return AutoCloseable { agendas -= agenda }
    }

    override fun settle(): Unit = Unit

    /** A view of its own: a test that blocks all of `Dispatchers.IO` while it waits must not stop the broker. */
    override val dispatcher: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(THREADS, "fake broker")
    override val background: CoroutineContext get() = EmptyCoroutineContext
    override val source: TimeSource.WithComparableMarks? get() = null

    private companion object {
        /** Nothing on them waits. */
        const val THREADS = 8
    }
}
