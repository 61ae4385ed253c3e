package dev.sesame.broker.notice.push

import java.time.Instant
import java.util.Base64

/** A browser in which an approver turned notices on. */
internal data class Device(
    val id: String,
    val approverId: String,
    /** The session in which it was seen last: whoever ends that ends the device. */
    val sessionId: String,
    /** What it calls itself, for the person who looks for one to remove. */
    val browser: String,
    val createdAt: Instant,
    val seenAt: Instant,
    /** `null` once the push service gave it up. */
    val subscription: Subscription?,
    /** Why the push service gave it up. */
    val lost: String? = null,
)

/** What a browser gives out so that it can be told: where, and the keys with which (RFC 8291), as base64url. */
internal data class Subscription(val endpoint: String, val p256dh: String, val auth: String) {
    val p256dhBytes: ByteArray get() = Base64.getUrlDecoder().decode(p256dh)

    val authBytes: ByteArray get() = Base64.getUrlDecoder().decode(auth)

    /** Whoever has the address could try it. */
    override fun toString(): String = "Subscription"
}
