package dev.sesame.broker.access.passkey

import dev.sesame.broker.access.Secret
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.PasskeyStore
import java.security.MessageDigest
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.util.Base64
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** What a challenge is answered for; none counts for another purpose. */
internal enum class Purpose(val life: Duration) {
    ADD(Duration.ofMinutes(5)),
    SIGN_IN(Duration.ofMinutes(2)),
    APPROVE(Duration.ofMinutes(2)),
}

/** 32 random bytes for a passkey to sign, and the [ticket] that comes back with the answer. */
internal class Challenge(val bytes: ByteArray, val ticket: String)

/**
 * Makes challenges and takes each back once. Nothing is kept of one that is never answered, so that nobody fills the disk by asking for them:
 * its ticket says by a MAC under the broker's own key what it was made for and until when. The first answer is kept until then, for all nodes.
 */
internal class Challenges(
    private val store: PasskeyStore,
    private val access: AccessStore,
    private val random: (Int) -> ByteArray,
    private val clock: InstantSource,
) {
    @Volatile private var key: SecretKeySpec? = null

    /** A new one for [purpose]; [boundTo] says whose it is and what it stands for. */
    suspend fun make(purpose: Purpose, boundTo: String): Challenge {
        val bytes = random(BYTES)
        val expiresAt = clock.instant() + purpose.life
        return Challenge(bytes, "${expiresAt.toEpochMilli()}.${mark(bytes, purpose, boundTo, expiresAt)}")
    }

    /** Whether [challenge] was made for just this, is in time, and was never answered before. It is answered from now on. */
    suspend fun spend(challenge: ByteArray, ticket: String, purpose: Purpose, boundTo: String): Boolean {
        val expiresAt = ticket.substringBefore('.').toLongOrNull()?.takeIf { ticket.length <= LONGEST_TICKET } ?: return false
        val expected = mark(challenge, purpose, boundTo, Instant.ofEpochMilli(expiresAt))
        if (!MessageDigest.isEqual(expected.toByteArray(), ticket.substringAfter('.').toByteArray())) return false
        val now = clock.instant()
        if (now >= Instant.ofEpochMilli(expiresAt)) return false
        return store.spend(Secret(encoder.encodeToString(challenge)).hash, Instant.ofEpochMilli(expiresAt), now)
    }

    private suspend fun mark(challenge: ByteArray, purpose: Purpose, boundTo: String, expiresAt: Instant): String {
        val text = listOf(purpose.name, encoder.encodeToString(challenge), "${expiresAt.toEpochMilli()}", boundTo).joinToString("\n")
        val mac = Mac.getInstance(ALGORITHM).apply { init(key()) }
        return encoder.encodeToString(mac.doFinal(text.toByteArray()))
    }

    private suspend fun key(): SecretKeySpec =
        key ?: SecretKeySpec(access.ownSecret("passkey-challenges") { random(BYTES) }, ALGORITHM).also { key = it }

    private companion object {
        const val BYTES = 32
        const val LONGEST_TICKET = 100
        const val ALGORITHM = "HmacSHA256"
        val encoder: Base64.Encoder = Base64.getUrlEncoder().withoutPadding()
    }
}
