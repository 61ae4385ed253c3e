package dev.sesame.broker.access

import java.time.Duration
import java.time.Instant

/** A browser in which an approver is signed in. Its token is nowhere kept but in that browser. */
internal data class Session(
    val id: String,
    val approverId: String,
    val tokenHash: String,
    /** What it calls itself, for the person who looks for one to end. */
    val browser: String,
    val createdAt: Instant,
    /** When its person last did something. */
    val seenAt: Instant,
) {
    /** From here on it is as if it had never been. */
    val endsAt: Instant get() = minOf(seenAt + IDLE, createdAt + LONGEST)

    companion object {
        val IDLE: Duration = Duration.ofHours(12)
        val LONGEST: Duration = Duration.ofDays(30)
    }
}

/** What signs an approver in, once; the link itself is nowhere kept. */
internal data class SignInLink(val hash: String, val approverId: String, val expiresAt: Instant)

/** Who is signed in, and in which browser. */
internal data class SignedIn(val approver: Approver, val session: Session)
