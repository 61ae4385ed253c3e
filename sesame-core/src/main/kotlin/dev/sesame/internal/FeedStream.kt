package dev.sesame.internal

import dev.sesame.Approval
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlin.time.Duration.Companion.seconds

/**
 * Keeps a decision stream open over cuts and restarts: each time it goes on from the last cursor it was given.
 *
 * A broker that can't be reached is waited for: polls wouldn't reach it either. A stream that opens but stays silent (a proxy that buffers) is
 * given up after a second try.
 */
internal class FeedStream(private val broker: BrokerCalls, private val retry: Retry, private val tell: (Approval) -> Unit) {
    private var cursor: String? = null
    private var wasReady = false

    /** Runs [whileReady] beside each stream that became ready; returns once streams are of no use here. */
    suspend fun follow(whileReady: suspend () -> Unit) {
        var silent = 0
        while (silent < TRIES) {
            try {
                retry.until(null) { once(whileReady) }
            } catch (_: CursorExpired) {
                cursor = null
            }
            if (wasReady) silent = 0 else silent++
            retry.pauseAbout(PAUSE)
        }
    }

    /** One stream, to its end; a failure counts only where it never became ready. */
    private suspend fun once(whileReady: suspend () -> Unit) {
        wasReady = false
        try {
            stream(whileReady)
        } catch (cut: Retryable) {
            if (!wasReady) throw cut
        }
    }

    private suspend fun stream(whileReady: suspend () -> Unit) {
        coroutineScope {
            var beside: Job? = null
            try {
                broker.follow(cursor, READY_WITHIN, SILENCE) { event ->
                    cursor = event.cursor ?: cursor
                    if (event.approval == null) {
                        wasReady = true
                        beside = beside ?: launch { whileReady() }
                    } else if (event.approval.status.isTerminal) {
                        tell(event.approval)
                    }
                }
            } finally {
                beside?.cancelAndJoin()
            }
        }
    }

    private companion object {
        const val TRIES = 2
        val PAUSE = 0.25.seconds
        val READY_WITHIN = 5.seconds

        /** The broker says something every 15 s. */
        val SILENCE = 40.seconds
    }
}
