package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret
import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.access.Ids
import dev.sesame.broker.store.EndpointStore
import dev.sesame.broker.store.Registered
import java.time.Duration
import java.time.InstantSource

/** Makes, renews, ends and revives webhook endpoints. A secret that it returns in clear is shown once: the disk has it sealed. */
internal class EndpointRegister(
    private val endpoints: EndpointStore,
    private val secrets: WebhookSecrets,
    private val ids: Ids,
    private val random: (Int) -> ByteArray,
    private val clock: InstantSource,
) {
    /** A new endpoint of the requester, and its secret. */
    suspend fun add(requesterId: String, url: String): Pair<Registered, MadeEndpoint> {
        val secret = WebhookSecret.ofBytes(random(SECRET_BYTES))
        val id = ids.endpoint()
        val endpoint = Endpoint(id, requesterId, canonicalUrl(url), secrets.seal(secret, ownerOf(id)), clock.instant())
        return endpoints.add(endpoint, MOST_ENABLED) to MadeEndpoint(endpoint, secret)
    }

    /**
     * A new secret, which signs from now on; the old one signs beside it for [OVERLAP]. `null` where there is no such endpoint, or where its
     * secret is another one by now than that with the mark [seen].
     */
    suspend fun rotate(id: String, seen: String? = null): MadeEndpoint? {
        repeat(TRIES) {
            val endpoint = endpoints.endpoint(id)?.takeIf { seen == null || it.secret.mark == seen } ?: return null
            val secret = WebhookSecret.ofBytes(random(SECRET_BYTES))
            val sealed = secrets.seal(secret, ownerOf(id))
            val previous = if (isReadable(endpoint)) PreviousSecret(endpoint.secret, clock.instant() + OVERLAP) else null
            if (endpoints.rotate(id, endpoint.secret, sealed, previous, clock.instant())) {
                return MadeEndpoint(endpoint.copy(secret = sealed, previous = previous), secret)
            }
        }
        error("too many rotated $id at once")
    }

    /** Rotating is also the way out for one that was sealed with a key that is lost. */
    private fun isReadable(endpoint: Endpoint): Boolean = try {
        secrets.open(endpoint.secret, ownerOf(endpoint.id))
        true
    } catch (_: CannotUnseal) {
        false
    }

    /** `null` where there is no such endpoint; one that is disabled already stays as it is. */
    suspend fun disable(id: String, reason: String?): Endpoint? {
        endpoints.disable(id, clock.instant(), reason ?: "by an admin")
        return endpoints.endpoint(id)
    }

    /** Enables it; what was held for it is due as it was before. */
    suspend fun enable(id: String): Registered = endpoints.enable(id, MOST_ENABLED, clock.instant())

    companion object {
        /** A decision is owed to each of them. */
        const val MOST_ENABLED = 20
        private const val SECRET_BYTES = 32
        private const val TRIES = 20
        val OVERLAP: Duration = Duration.ofHours(24)
    }
}
