package dev.sesame.broker.delivery

import dev.sesame.broker.store.DeliveryStore
import java.time.InstantSource

/** Sends a delivery again, whatever became of it, with the whole schedule before it; one that is being sent now is left alone. */
internal class Redeliver(private val deliveries: DeliveryStore, private val clock: InstantSource, private val nudge: () -> Unit) {
    /** The delivery as it is then; `null` where there is none. */
    suspend fun again(id: String): Delivery? {
        if (!deliveries.redeliver(id, clock.instant())) return null
        nudge()
        return deliveries.delivery(id)
    }

    /** The same where it has ended, after as many attempts as [seen]; else nothing, and `false`: it was sent again since somebody looked. */
    suspend fun ended(id: String, seen: Int): Boolean {
        val delivery = deliveries.delivery(id) ?: return false
        if (!delivery.hasEnded || delivery.attempts != seen) return false
        return again(id) != null
    }
}
