package dev.sesame.broker.store

import dev.sesame.broker.delivery.Endpoint
import dev.sesame.broker.delivery.PreviousSecret
import dev.sesame.broker.delivery.SealedSecret
import java.time.Instant

/** Where requesters' webhook endpoints are kept. Every adapter passes `EndpointStoreContract`. */
internal interface EndpointStore {
    /** Stores an endpoint, if its requester has none with that URL and fewer than [atMost] enabled ones. */
    suspend fun add(endpoint: Endpoint, atMost: Int): Registered

    /** The endpoint with that id. */
    suspend fun endpoint(id: String): Endpoint?

    /** Oldest first, of one requester or all; from after [after] on. */
    suspend fun endpoints(requesterId: String?, after: Position?, limit: Int): List<Endpoint>

    /** Replaces the secret, if it is still [expected]; then [previous] signs beside it, where there is one. `false`: read again. */
    suspend fun rotate(id: String, expected: SealedSecret, secret: SealedSecret, previous: PreviousSecret?, at: Instant): Boolean

    /** Disables it and holds what is pending for it; one that is disabled already stays as it is. `false` where there is none. */
    suspend fun disable(id: String, at: Instant, reason: String): Boolean

    /** Enables it, and what was held for it goes on, if its requester has fewer than [atMost] enabled ones, or it is enabled already. */
    suspend fun enable(id: String, atMost: Int, at: Instant): Registered
}

/** How storing or enabling an endpoint ended. */
internal enum class Registered { DONE, ABSENT, URL_TAKEN, TOO_MANY }
