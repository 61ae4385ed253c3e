package dev.sesame.broker.among

import dev.sesame.broker.store.WorkLease
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.slf4j.LoggerFactory
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * Does the work that one broker does for all, while this one holds the lease on it.
 *
 * The lease is renewed long before its end, and where that fails for so long that another may have taken it, the work ends here first: by this
 * process's own timer, which also goes on while the process is stopped. What was under way then may be done once more by the other, and each
 * part of the work bears that: a delivery is recorded only under its own lease, a request changes only at its version.
 */
internal class WorkTurn(private val lease: WorkLease, private val time: TimeSource) {
    /** Whether this broker holds the lease now. */
    @Volatile var isHeld = false
        private set

    /** Goes on until it is cancelled. */
    suspend fun run(work: suspend () -> Unit) {
        while (true) {
            val asked = time.markNow()
            orNull { lease.take() }?.let { term ->
                log.info("This broker does the work for all on its database (term {})", term)
                hold(term, asked + SAFELY, work)
            }
            delay(LOOKS)
        }
    }

    private suspend fun hold(term: Long, first: TimeMark, work: suspend () -> Unit): Unit = coroutineScope {
        val until = AtomicReference<TimeMark?>(first)
        val working = launch { work() }
        val renewing = launch {
            while (until.get() != null) {
                delay(RENEWS)
                val asked = time.markNow()
                when (orNull { lease.renew(term) }) {
                    true -> until.set(asked + SAFELY)
                    false -> until.set(null)
                    null -> Unit // the database may come back in time
                }
            }
        }
        isHeld = true
        try {
            while (until.get()?.hasNotPassedNow() == true) delay(LOOKS_AT_TIME)
            log.warn("This broker's turn at the work for all is over (term {}): another may do it now", term)
        } finally {
            isHeld = false
            end(term, working, renewing)
        }
    }

    private suspend fun end(term: Long, vararg jobs: Job) = withContext(NonCancellable) {
        jobs.forEach { it.cancel() }
        jobs.forEach { it.cancelAndJoin() }
        orNull { lease.leave(term) }
    }

    private suspend fun <T> orNull(ask: suspend () -> T): T? = try {
        ask()
    } catch (leaving: CancellationException) {
        throw leaving
    } catch (problem: Exception) {
        log.warn("The lease on the work for all can't be asked for: {}", problem.message)
        null
    }

    private companion object {
        val log = LoggerFactory.getLogger("dev.sesame.broker.among")!!
        val SAFELY = (WorkLease.LASTS_MS - 1_000).milliseconds
        val RENEWS = 1.5.seconds
        val LOOKS = 1.seconds
        val LOOKS_AT_TIME = 200.milliseconds
    }
}
