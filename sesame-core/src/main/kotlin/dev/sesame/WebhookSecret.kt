package dev.sesame

import dev.sesame.internal.HmacKey
import java.security.SecureRandom
import java.util.Base64

/**
 * What both ends of a webhook know, and nobody else; it never prints itself.
 *
 * In Standard Webhooks it is written `whsec_` and the base64 of 24 to 64 random bytes ([of]). What other systems use is taken as it is ([plain]).
 */
public class WebhookSecret private constructor(bytes: ByteArray, private val text: String) {
    internal val key = HmacKey(bytes)

    /** The secret itself, as text: for whoever stores it or shows it once. */
    public fun reveal(): String = text

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "WebhookSecret(***)"

    /** Where secrets come from. */
    public companion object {
        private const val PREFIX = "whsec_"
        private const val BYTES = 32

        /** The bounds of Standard Webhooks. */
        private const val FEWEST_BYTES = 24
        private const val MOST_BYTES = 64

        /** What a partner dictates may be short, but not guessable at once, nor endless. */
        private const val SHORTEST_TEXT = 8
        private const val LONGEST_TEXT = 1024

        /** The secret written [text], such as `SESAME_WEBHOOK_SECRET` holds; [InvalidRequestException] where it is none. */
        @JvmStatic
        public fun of(text: String): WebhookSecret {
            if (!text.startsWith(PREFIX)) throw bad("starts with $PREFIX; for a secret of another system, take WebhookSecret.plain")
            val bytes = try {
                Base64.getDecoder().decode(text.substring(PREFIX.length))
            } catch (_: IllegalArgumentException) { // without the cause, which tells a part of it
                throw bad("is $PREFIX and base64: look for a line break or a missing character")
            }
            if (bytes.size !in FEWEST_BYTES..MOST_BYTES) throw bad("holds $FEWEST_BYTES to $MOST_BYTES bytes, not ${bytes.size}")
            return WebhookSecret(bytes, text)
        }

        /** The secret of these 24 to 64 bytes, which nobody could guess. */
        @JvmStatic
        public fun ofBytes(bytes: ByteArray): WebhookSecret = of(PREFIX + Base64.getEncoder().encodeToString(bytes))

        /** A new secret of 256 bits from [random]. */
        @JvmStatic
        @JvmOverloads
        public fun random(random: SecureRandom = SecureRandom()): WebhookSecret = ofBytes(ByteArray(BYTES).also(random::nextBytes))

        /** A secret of another system, 8 to 1,024 characters: its UTF-8 bytes are the key, whatever it looks like. */
        @JvmStatic
        public fun plain(text: String): WebhookSecret {
            if (text.length !in SHORTEST_TEXT..LONGEST_TEXT) throw bad("has $SHORTEST_TEXT to $LONGEST_TEXT characters, not ${text.length}")
            return WebhookSecret(text.toByteArray(), text)
        }

        private fun bad(rule: String) = InvalidRequestException("a webhook secret $rule", mapOf("secret" to rule))
    }
}
