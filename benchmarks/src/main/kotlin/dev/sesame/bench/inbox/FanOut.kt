package dev.sesame.bench.inbox

import dev.sesame.bench.PlainHttp
import dev.sesame.bench.answered
import dev.sesame.bench.notices.questionOf
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** Asks [events] questions, one after the other, and sees when everybody was told. */
internal class FanOut(private val requester: PlainHttp, private val events: Int) {
    private var asked = 0

    fun tell(open: EventStreams): List<Asked> = List(events) {
        Thread.sleep(BETWEEN_MS)
        val summary = "question number ${asked++} to all"
        val sentAt = System.nanoTime()
        requester.post("/v1/approvals", questionOf(summary)).answered()
        val answered = (System.nanoTime() - sentAt).nanoseconds
        Asked(answered, Spread(sentAt, open.arrivals(summary)))
    }

    private companion object {
        /** Longer than the broker rests after it told something, so that this is not what is measured. */
        const val BETWEEN_MS = 600L
    }
}

/** One question: when the call that asked had its answer, and when people were [told]. */
internal class Asked(val answered: Duration, val told: Spread)

/** When connections were told, counted from [since]. */
internal class Spread(since: Long, arrivals: LongArray) {
    private val times: List<Duration> = arrivals.filter { it != 0L }.sorted().map { (it - since).nanoseconds }
    val lost: Int = arrivals.size - times.size
    val first: Duration get() = times.first()
    val half: Duration get() = times[times.size / 2]
    val last: Duration get() = times.last()
}
