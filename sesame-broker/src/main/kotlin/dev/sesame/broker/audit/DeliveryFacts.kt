package dev.sesame.broker.audit

import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.Endpoint
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** A receiver took the webhook. */
internal fun deliveredFact(delivery: Delivery): Fact = Fact(
    "delivery.delivered",
    buildJsonObject {
        put("delivery_id", delivery.id)
        put("endpoint_id", delivery.endpointId)
    },
    delivery.approvalId,
)

/** Facts about addresses for webhooks; the addresses themselves stand nowhere in them. */
internal object EndpointFacts {
    fun made(endpoint: Endpoint) = fact("endpoint.made", "endpoint_id" to endpoint.id, "requester_id" to endpoint.requesterId)

    fun rotated(id: String) = fact("endpoint.rotated", "endpoint_id" to id)

    fun disabled(id: String) = fact("endpoint.disabled", "endpoint_id" to id)

    fun enabled(id: String) = fact("endpoint.enabled", "endpoint_id" to id)
}
