package dev.sesame.broker.delivery

import java.time.Instant

/** One decision owed to one URL. [id] is the `webhook-id` of every attempt at it. */
internal data class Delivery(
    val id: String,
    val approvalId: String,
    val requesterId: String,
    val url: String,
    /** Whose secret signs it; `null` where only the request's `callback_url` names the URL. */
    val endpointId: String?,
    /** Deliveries of one lane wait for each other, those of two never do. */
    val lane: String,
    val state: DeliveryState,
    val createdAt: Instant,
    /** When it is tried next; `null` once it has ended. */
    val nextAt: Instant?,
    /** How many attempts were made in all. */
    val attempts: Int = 0,
    /** How many of them failed since the schedule began, at first or by a redelivery. */
    val failures: Int = 0,
    val endedAt: Instant? = null,
) {
    val hasEnded: Boolean get() = state == DeliveryState.DELIVERED || state == DeliveryState.FAILED
}

/** Where a delivery stands. */
internal enum class DeliveryState {
    /** It will be tried at its time. */
    PENDING,

    /** Its endpoint is disabled: it goes on when that is enabled again. */
    HELD,

    /** The receiver answered 2xx. */
    DELIVERED,

    /** The schedule is over, or the receiver answered 410. */
    FAILED,
}

/** One try at a delivery: what the receiver answered, or why it didn't. */
internal data class Attempt(val at: Instant, val durationMillis: Long, val status: Int?, val failure: String?, val answer: String) {
    val isDelivered: Boolean get() = status != null && status / 100 == 2
}
