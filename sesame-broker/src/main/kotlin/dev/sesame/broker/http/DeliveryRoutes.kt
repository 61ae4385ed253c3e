package dev.sesame.broker.http

import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Requester
import dev.sesame.broker.delivery.Attempt
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.broker.delivery.Redeliver
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.DeliveryQuery
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** What became of webhooks, for admins; and sending one again. */
internal class DeliveryRoutes(
    private val callers: Callers,
    private val access: AccessStore,
    private val deliveries: DeliveryStore,
    private val redeliver: Redeliver,
) {
    fun install(route: Route) {
        route.get("/v1/admin/deliveries") { list(call) }
        route.get("/v1/admin/deliveries/{id}") { show(call) }
        route.post("/v1/admin/deliveries/{id}/redeliver") { redeliver(call) }
    }

    private suspend fun list(call: ApplicationCall) {
        callers.admin(call)
        val query = Query(call, "requester", "endpoint_id", "approval_id", "state", "limit", "cursor")
        val state = query.text("state")?.let { word -> states[word] ?: null.also { query.refuse("state", "is no state") } }
        val requester = query.requester(access)
        val asked = DeliveryQuery(
            requester?.id,
            query.text("endpoint_id"),
            query.text("approval_id"),
            state,
            query.position(Ids::isDelivery),
            query.limit(),
        )
        query.done()
        val page = deliveries.deliveries(asked)
        val last = page.lastOrNull()?.takeIf { page.size == asked.limit }
        val names = access.names()
        call.respondJson(
            jsonObjectOf(
                "deliveries" to JsonArray(page.map { it.toJson(names[it.requesterId].orEmpty()) }),
                "next_cursor" to (last?.let { JsonPrimitive(Cursor.of(it.createdAt, it.id)) } ?: JsonNull),
            ),
        )
    }

    private suspend fun show(call: ApplicationCall) {
        callers.admin(call)
        Query(call).done()
        val delivery = deliveries.delivery(call.deliveryId()) ?: throw noDelivery()
        val attempts = JsonArray(deliveries.attempts(delivery.id, MOST_SHOWN).map { it.toJson() })
        call.respondJson(JsonObject(named(delivery) + ("attempts" to attempts)))
    }

    private suspend fun redeliver(call: ApplicationCall) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        call.respondJson(named(redeliver.again(call.deliveryId()) ?: throw noDelivery()))
    }

    private fun ApplicationCall.deliveryId(): String = parameters["id"]?.takeIf(Ids::isDelivery) ?: throw noDelivery()

    private fun noDelivery() = Problem(ProblemCode.NOT_FOUND, "there is no such delivery")

    private suspend fun named(delivery: Delivery) = delivery.toJson(access.nameOf(delivery.requesterId))

    private fun Delivery.toJson(requester: String) = buildJsonObject {
        put("id", id)
        put("approval_id", approvalId)
        put("requester", requester)
        put("url", url)
        put("endpoint_id", endpointId)
        put("state", state.name.lowercase())
        put("created_at", createdAt.toString())
        put("next_at", nextAt?.toString())
        put("ended_at", endedAt?.toString())
        put("attempt_count", attempts)
    }

    private fun Attempt.toJson() = buildJsonObject {
        put("at", at.toString())
        put("duration_ms", durationMillis)
        put("status", status)
        put("failure", failure)
        put("answer", answer)
    }

    private companion object {
        /** The newest; a delivery has more only where it was redelivered many times. */
        const val MOST_SHOWN = 100
        val states = DeliveryState.entries.associateBy { it.name.lowercase() }
    }
}

/** The requester that a list is narrowed to. */
internal suspend fun Query.requester(access: AccessStore): Requester? =
    text("requester")?.let { name -> access.requesterNamed(name) ?: null.also { refuse("requester", "is no requester's name") } }

internal suspend fun AccessStore.names(): Map<String, String> = requesters().associate { it.id to it.name }

internal suspend fun AccessStore.nameOf(requesterId: String): String = requester(requesterId)?.name.orEmpty()
