package dev.sesame.internal

import dev.sesame.Approval
import java.time.Duration.between
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.toKotlinDuration

/**
 * A question that was asked, as much of it as a wait needs: thousands are held, so the document isn't.
 *
 * [asked] is `null` where it was asked elsewhere without our knowing the context.
 */
internal class Question(approval: Approval, val asked: Asked?) {
    val id: String = approval.id

    /** The document where it had ended already when we asked. */
    val ended: Approval? = approval.takeIf { it.status.isTerminal }

    /** How long people have at most, by the broker's own reckoning: its clock need not be ours. */
    val longest: Duration = approval.timeToAnswer() ?: LONGEST

    private companion object {
        val LONGEST = 30.days
    }
}

/** From the asking to the expiry, which people may put off; `null` where the broker doesn't say. */
internal fun Approval.timeToAnswer(): Duration? =
    if (createdAt == null || expiresAt == null) null else between(createdAt, expiresAt).toKotlinDuration()
