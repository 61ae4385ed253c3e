package dev.sesame.broker.approval

import java.time.Duration
import java.time.Instant
import java.util.Base64

/** A place in the live inbox as its reader is told it; to them it means nothing. */
internal object InboxCursor {
    private const val LONGEST = 200
    private val OLDEST: Duration = Duration.ofDays(7)

    fun of(seq: Long, now: Instant, approverId: String): String =
        Base64.getUrlEncoder().withoutPadding().encodeToString("$seq.${now.toEpochMilli()}.$approverId.inbox".toByteArray())

    /** `null` where the cursor is another approver's, older than 7 days, or none at all. */
    fun seqOf(cursor: String, now: Instant, approverId: String): Long? {
        val parts = try {
            String(Base64.getUrlDecoder().decode(cursor.take(LONGEST))).split('.')
        } catch (_: IllegalArgumentException) {
            return null
        }
        if (parts.drop(2) != listOf(approverId, "inbox")) return null
        val given = parts[1].toLongOrNull() ?: return null
        return parts[0].toLongOrNull().takeUnless { Duration.between(Instant.ofEpochMilli(given), now) > OLDEST }
    }
}
