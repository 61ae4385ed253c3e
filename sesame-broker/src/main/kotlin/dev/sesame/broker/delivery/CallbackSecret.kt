package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret
import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.store.AccessStore

/** The secret that signs webhooks to callback URLs: [configured], else the broker's own, which is made at the first start without. */
internal class CallbackSecret(
    private val configured: WebhookSecret?,
    private val access: AccessStore,
    private val secrets: WebhookSecrets,
    private val random: (Int) -> ByteArray,
) {
    /**
     * The one that signs, and whether it was made by this very call. One that was sealed with another key is replaced where [keyIsNew], as after
     * a restore without the key; else `CannotUnseal`: the right key may yet be brought.
     */
    suspend fun take(keyIsNew: Boolean): Pair<WebhookSecret, Boolean> {
        if (configured != null) return configured to false
        val made = WebhookSecret.ofBytes(random(BYTES))
        val sealed = secrets.seal(made, OWNER).text.toByteArray()
        val kept = access.ownSecret(NAME) { sealed }
        return try {
            secrets.open(SealedSecret(String(kept)), OWNER) to (kept contentEquals sealed)
        } catch (problem: CannotUnseal) {
            if (!keyIsNew) throw problem
            access.replaceOwnSecret(NAME, sealed)
            made to true
        }
    }

    private companion object {
        const val NAME = "webhook-secret"
        const val OWNER = "callback URLs"
        const val BYTES = 32
    }
}
