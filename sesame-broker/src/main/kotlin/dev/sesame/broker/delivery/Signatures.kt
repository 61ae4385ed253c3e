package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret
import dev.sesame.WebhookSigner
import java.time.Instant

/** Signs attempts: with the endpoint's own secrets, or with the one for callback URLs where no endpoint names the URL. */
internal class Signatures(private val callback: WebhookSecret, private val secrets: WebhookSecrets) {
    /** The headers to send [body] with as the delivery [id]; `CannotUnseal` where the endpoint's secret can't be read. */
    fun headers(id: String, at: Instant, body: ByteArray, endpoint: Endpoint?): Map<String, String> {
        val signing = if (endpoint == null) listOf(callback) else secretsOf(endpoint, at)
        return WebhookSigner(signing).headers(id, body, at)
    }

    /** While a rotation is under way, both sign. */
    private fun secretsOf(endpoint: Endpoint, at: Instant): List<WebhookSecret> {
        val previous = endpoint.previous?.takeIf { at < it.until }
        return listOfNotNull(endpoint.secret, previous?.secret).map { secrets.open(it, ownerOf(endpoint.id)) }
    }
}
