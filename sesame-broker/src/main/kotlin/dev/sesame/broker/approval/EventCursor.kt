package dev.sesame.broker.approval

import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.util.Base64

/**
 * A place in the events as the reader of a stream is told it; to them it means nothing.
 *
 * It belongs to its reader and to [epoch]: after a restore the same number stands for another event, or for one that is still to come. The
 * first epoch has no name, so that its cursors are those of brokers that knew no epochs.
 */
internal class EventCursor(private val epoch: String, private val clock: InstantSource) {
    fun of(seq: Long, vararg reader: String): String = Base64.getUrlEncoder().withoutPadding()
        .encodeToString((listOf("$seq", "${clock.millis()}") + tail(reader)).joinToString(".").toByteArray())

    /** `null` where the cursor is another reader's, of another epoch, older than 7 days, or none at all. */
    fun seqOf(cursor: String, vararg reader: String): Long? {
        val parts = try {
            String(Base64.getUrlDecoder().decode(cursor.take(LONGEST))).split('.')
        } catch (_: IllegalArgumentException) {
            return null
        }
        if (parts.drop(2) != tail(reader)) return null
        val given = parts[1].toLongOrNull() ?: return null
        return parts[0].toLongOrNull().takeUnless { Duration.between(Instant.ofEpochMilli(given), clock.instant()) > OLDEST }
    }

    private fun tail(reader: Array<out String>): List<String> = reader.toList() + listOf(epoch).filter { it.isNotEmpty() }

    private companion object {
        const val LONGEST = 200
        val OLDEST: Duration = Duration.ofDays(7)
    }
}
