package dev.sesame.broker.due

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeoutOrNull
import org.slf4j.Logger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The pace of a worker that sends what is due: it looks at once when it is nudged, and often enough to notice what falls due by itself. */
internal class DueLoop(private val log: Logger, private val what: String) {
    private val news = Channel<Unit>(Channel.CONFLATED)

    /** Says that something new may be due. It carries no truth: losing one costs a moment. */
    fun nudge() {
        news.trySend(Unit)
    }

    /**
     * Calls [prepare] until it succeeds once, then [round] again and again, until it is cancelled. What they launch ends with it. A round says
     * whether something may fall due by itself; where nothing waits for its time, the next look may wait longer.
     */
    suspend fun run(prepare: suspend () -> Unit = {}, round: suspend CoroutineScope.() -> Boolean): Unit = coroutineScope {
        while (!orLater(prepare)) delay(AFTER_FAULT)
        while (true) {
            var waits = true
            if (orLater { waits = round() }) pause(if (waits) PACE else AT_REST) else delay(AFTER_FAULT)
        }
    }

    /** `false`: [work] failed, and that was said. Whatever was due is due still. */
    suspend fun orLater(work: suspend () -> Unit): Boolean = try {
        work()
        true
    } catch (leaving: CancellationException) {
        throw leaving
    } catch (problem: Exception) {
        log.error("$what failed; trying again later", problem)
        false
    }

    private suspend fun pause(pace: Duration) {
        withTimeoutOrNull(pace) { news.receive() } ?: return
        delay(GATHERING)
    }

    companion object {
        /** The store may take a while to come back, and each time is said in the log. */
        val AFTER_FAULT = 5.seconds

        /** What has fallen due is noticed so soon; a nudge is faster. */
        private val PACE = 250.milliseconds

        /** What another broker or an admin made due again is noticed so soon; nothing is due by itself then. */
        private val AT_REST = 1.seconds

        /** What comes in so short a time is looked for once: a busy broker's decisions needn't each pay for a look. */
        private val GATHERING = 5.milliseconds
    }
}
