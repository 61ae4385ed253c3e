package dev.sesame.broker.audit

import dev.sesame.broker.delivery.Delivery
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
