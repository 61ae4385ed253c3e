package dev.sesame.broker.delivery

import java.time.Instant

/** A URL that gets every decision of its requester, signed with a secret of its own. */
internal data class Endpoint(
    val id: String,
    val requesterId: String,
    val url: String,
    val secret: SealedSecret,
    val createdAt: Instant,
    /** What signs beside [secret] until then, so that a receiver can change over. */
    val previous: PreviousSecret? = null,
    val disabledAt: Instant? = null,
    val disabledReason: String? = null,
    /** Since when every attempt failed. */
    val failingSince: Instant? = null,
) {
    val isEnabled: Boolean get() = disabledAt == null
}

/** The secret before the last rotation. */
internal data class PreviousSecret(val secret: SealedSecret, val until: Instant)
