package dev.sesame.broker.among

import dev.sesame.broker.due.DueLoop
import dev.sesame.broker.store.Committed
import dev.sesame.broker.store.EventTail
import org.slf4j.LoggerFactory

/**
 * Reads what any broker on the database has committed, from [begin] on, each once and in commit order, so that those who wait here hear of a
 * decision that was made elsewhere. It looks four times a second, and at once when the bell is rung.
 */
internal class TailEvents(private val events: EventTail, private val begin: Long, private val heard: (Committed) -> Unit) {
    private val loop = DueLoop(LoggerFactory.getLogger("dev.sesame.broker.among"), "Following what other brokers commit")

    /** Says that there may be something new. */
    fun nudge() = loop.nudge()

    /** Goes on until it is cancelled. A look that fails loses nothing: the next one goes on from the same place. */
    suspend fun run() {
        var seq = begin
        loop.run {
            do {
                val batch = events.after(seq, BATCH)
                batch.forEach(heard)
                seq = batch.lastOrNull()?.seq ?: seq
            } while (batch.size == BATCH)
            true // whatever anybody commits comes by itself
        }
    }

    private companion object {
        const val BATCH = 1_000
    }
}
