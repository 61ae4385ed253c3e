package dev.sesame.broker.store

import dev.sesame.broker.delivery.Attempt
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.DeliveryState
import java.time.Instant

/**
 * Where deliveries are kept. They come into it with the decision, by [ApprovalStore.commit], and leave it with their approval.
 *
 * Every adapter passes `DeliveryStoreContract`.
 */
internal interface DeliveryStore {
    /** Whether any delivery is pending, be it due, leased or to be tried later. */
    suspend fun areOwed(): Boolean

    /** The lanes in which something is due at [now] and leased by nobody, the longest due first. */
    suspend fun lanesDue(now: Instant): List<String>

    /** Leases until [until] at most as many of each lane's due deliveries as [wanted] says, the longest due first. */
    suspend fun lease(wanted: Map<String, Int>, now: Instant, until: Instant): List<Delivery>

    /** Frees every lease but those on [except], a few hundred: for the one process that takes any, where nobody else is sending. */
    suspend fun takeBackLeases(except: Set<String> = emptySet())

    /**
     * Stores [attempt] at [delivery], as it was leased [until] then, and how it goes on; frees the lease. An endpoint that is disabled by now
     * holds what would be pending. Returns since when every attempt at its endpoint has failed; `null` where it has none, where the last
     * attempt succeeded, or where the lease is lost: then nothing is stored.
     */
    suspend fun record(delivery: Delivery, until: Instant, attempt: Attempt, next: Next): Instant?

    /** The delivery with that id. */
    suspend fun delivery(id: String): Delivery?

    /** The newest [limit] of what was tried, oldest first. */
    suspend fun attempts(deliveryId: String, limit: Int): List<Attempt>

    /** Newest first; of equal age, by id downwards. */
    suspend fun deliveries(query: DeliveryQuery): List<Delivery>

    /** Makes it due at [at], with the whole schedule before it; one that is being sent is left alone. `false` where there is none. */
    suspend fun redeliver(id: String, at: Instant): Boolean

    /** How many are in [state], counted up to [atMost]. */
    suspend fun count(state: DeliveryState, atMost: Int): Int

    /** When the oldest of those in [state] came to be owed; `null` where there is none. */
    suspend fun oldest(state: DeliveryState): Instant?
}

/** How a delivery goes on after an attempt: [at] is when it is tried again, `null` where it has ended. */
internal data class Next(val state: DeliveryState, val at: Instant?)

/** Which deliveries, and how many; `null` is no restriction. */
internal data class DeliveryQuery(
    val requesterId: String? = null,
    val endpointId: String? = null,
    val approvalId: String? = null,
    val state: DeliveryState? = null,
    val olderThan: Position? = null,
    val limit: Int,
)
