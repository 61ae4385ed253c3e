package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret
import dev.sesame.broker.access.SecretBox
import java.util.Base64

/** Seals webhook secrets for the disk; one that was sealed for one owner can't be opened as another's. */
internal class WebhookSecrets(private val box: SecretBox) {
    fun seal(secret: WebhookSecret, owner: String): SealedSecret =
        SealedSecret(Base64.getEncoder().encodeToString(box.seal(secret.reveal().toByteArray(), owner)))

    /** `CannotUnseal` where it was sealed for another owner or with another key. */
    fun open(sealed: SealedSecret, owner: String): WebhookSecret =
        WebhookSecret.of(String(box.open(Base64.getDecoder().decode(sealed.text), owner)))
}

/** Whose secret it is, for [WebhookSecrets], in words that a message can take. */
internal fun ownerOf(endpointId: String) = "endpoint $endpointId"
