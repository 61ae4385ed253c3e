package dev.sesame.broker.http

import dev.sesame.broker.access.Ids
import dev.sesame.broker.delivery.AdmitEndpoint
import dev.sesame.broker.delivery.Endpoint
import dev.sesame.broker.delivery.EndpointRegister
import dev.sesame.broker.delivery.MadeEndpoint
import dev.sesame.broker.delivery.noEndpoint
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.EndpointStore
import dev.sesame.rules.Fields
import io.ktor.http.HttpStatusCode
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
import java.time.InstantSource

/** Requesters' webhook endpoints, for admins. A secret is in the answer that made it, and nowhere later. */
internal class EndpointRoutes(
    private val callers: Callers,
    private val access: AccessStore,
    private val endpoints: EndpointStore,
    private val register: EndpointRegister,
    private val admit: AdmitEndpoint,
    private val clock: InstantSource,
) {
    fun install(route: Route) {
        route.get("/v1/admin/endpoints") { list(call) }
        route.post("/v1/admin/endpoints") { add(call) }
        route.post("/v1/admin/endpoints/{id}/rotate") { rotate(call) }
        route.post("/v1/admin/endpoints/{id}/disable") { disable(call) }
        route.post("/v1/admin/endpoints/{id}/enable") { enable(call) }
    }

    private suspend fun list(call: ApplicationCall) {
        callers.admin(call)
        val query = Query(call, "requester", "limit", "cursor")
        val limit = query.limit()
        val after = query.position(Ids::isEndpoint)
        val requester = query.requester(access)
        query.done()
        val page = endpoints.endpoints(requester?.id, after, limit)
        val last = page.lastOrNull()?.takeIf { page.size == limit }
        val names = access.names()
        call.respondJson(
            jsonObjectOf(
                "endpoints" to JsonArray(page.map { it.toJson(names[it.requesterId].orEmpty()) }),
                "next_cursor" to (last?.let { JsonPrimitive(Cursor.of(it.createdAt, it.id)) } ?: JsonNull),
            ),
        )
    }

    private suspend fun add(call: ApplicationCall) {
        callers.admin(call)
        val (made, requester) = admit.add(Fields(call.jsonBody()))
        call.respondJson(shown(made, requester.name), HttpStatusCode.Created)
    }

    private suspend fun rotate(call: ApplicationCall) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        val made = register.rotate(call.endpointId()) ?: throw noEndpoint()
        call.respondJson(shown(made, access.nameOf(made.endpoint.requesterId)))
    }

    private suspend fun disable(call: ApplicationCall) {
        callers.admin(call)
        val fields = Fields(call.jsonBody())
        val reason = fields.text("reason", 1..500)
        fields.done()
        call.respondJson(named(register.disable(call.endpointId(), reason) ?: throw noEndpoint()))
    }

    private suspend fun enable(call: ApplicationCall) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        call.respondJson(named(admit.enable(call.endpointId())))
    }

    private fun ApplicationCall.endpointId(): String = parameters["id"]?.takeIf(Ids::isEndpoint) ?: throw noEndpoint()

    private suspend fun named(endpoint: Endpoint) = endpoint.toJson(access.nameOf(endpoint.requesterId))

    private fun shown(made: MadeEndpoint, requester: String) =
        JsonObject(made.endpoint.toJson(requester) + buildJsonObject { put("secret", made.secret.reveal()) })

    private fun Endpoint.toJson(requester: String) = buildJsonObject {
        put("id", id)
        put("requester", requester)
        put("url", url)
        put("created_at", createdAt.toString())
        put("previous_secret_until", previous?.until?.takeIf { it > clock.instant() }?.toString())
        put("failing_since", failingSince?.toString())
        put("disabled_at", disabledAt?.toString())
        put("disabled_reason", disabledReason)
    }
}
