package dev.sesame.testing.internal

import dev.sesame.ExecutionState
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What a test left behind: open waits and feeds, claimed runs without an outcome. */
internal class Leaks(private val parts: Parts) {
    /** In words; empty where nothing is left. What is just ending gets a moment to end. */
    fun find(): List<String> {
        parts.time.settle()
        runBlocking {
            // Whoever asked just now may be about to wait.
            if (parts.store.nextDue() != null) withTimeoutOrNull(BEGINNING) { while (present().isEmpty()) delay(LOOK_EVERY) }
            withTimeoutOrNull(GRACE) {
                while (present().isNotEmpty()) {
                    parts.feed.probe()
                    delay(LOOK_EVERY)
                }
            }
        }
        return present()
    }

    private fun present(): List<String> {
        val running = parts.store.all().map { parts.desk.document(it) }.filter { it.execution?.state == ExecutionState.CLAIMED }
        return parts.approvals.held.all + parts.feed.open.all +
            running.map { "the run of ${it.id} (${it.action}), claimed and without an outcome" }
    }

    private companion object {
        val BEGINNING = 100.milliseconds
        val GRACE = 3.seconds
        val LOOK_EVERY = 20.milliseconds
    }
}
