package dev.sesame.ktor.internal

import io.ktor.http.HttpHeaders
import io.ktor.http.Parameters
import io.ktor.server.request.httpMethod
import io.ktor.server.request.path
import io.ktor.server.routing.HttpMethodRouteSelector
import io.ktor.server.routing.RoutePathComponent
import io.ktor.server.routing.RoutingNode
import io.ktor.server.routing.RoutingPipelineCall
import io.ktor.server.routing.path
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.security.MessageDigest
import java.util.HexFormat

/** The name of the query parameter with the approval's id: no part of what is approved. */
internal const val APPROVAL_PARAMETER = "approval"

/** What the gate itself tells of a request. */
internal val gateFields: Set<String> =
    setOf("method", "route", "path", "selected_by", "parameters", "query", "principal", "content_type", "content_encoding", "body_sha256")

/** What people approve of a request, in words only: no number that a trip through JSON could change. */
internal fun requestContext(call: RoutingPipelineCall, body: ByteArray, principal: String?): JsonObject = buildJsonObject {
    put("method", call.request.httpMethod.value)
    put("route", call.route.path)
    put("path", call.request.path())
    val selectors = otherSelectors(call.route)
    if (selectors.isNotEmpty()) put("selected_by", JsonArray(selectors.map(::JsonPrimitive)))
    put("parameters", call.pathParameters.toJson())
    put("query", call.request.queryParameters.toJson(besides = APPROVAL_PARAMETER))
    principal?.let { put("principal", it) }
    // The same bytes mean something else as another type.
    call.request.headers[HttpHeaders.ContentType]?.let { put("content_type", it) }
    call.request.headers[HttpHeaders.ContentEncoding]?.let { put("content_encoding", it) }
    put("body_sha256", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)))
}

/** What else chose the handler, such as a header: another value of it would be another handler at the same path. */
private fun otherSelectors(route: RoutingNode): List<String> = generateSequence(route) { it.parent }.map { it.selector }
    .filterNot { it is RoutePathComponent || it is HttpMethodRouteSelector || it is GatedSelector }
    .map { "$it" }.toList().reversed()

/** One value is a text, so that a policy can compare it; several are a list, in the order in which they came. */
private fun Parameters.toJson(besides: String? = null): JsonObject =
    JsonObject(entries().filter { it.key != besides }.associate { (name, values) -> name to values.toJson() })

private fun List<String>.toJson(): JsonElement = if (size == 1) JsonPrimitive(single()) else JsonArray(map(::JsonPrimitive))

/** Whether both say the same; a number may come back from the broker in another form, and is a double to it. */
internal fun isSame(asked: JsonElement?, told: JsonElement?): Boolean = when (asked) {
    is JsonObject -> told is JsonObject && asked.keys == told.keys && asked.all { (name, value) -> isSame(value, told[name]) }

    is JsonArray -> told is JsonArray && asked.size == told.size && asked.indices.all { isSame(asked[it], told[it]) }

    is JsonPrimitive ->
        told is JsonPrimitive && asked.isString == told.isString &&
            (asked.content == told.content || isSameNumber(asked, told))

    null -> told == null
}

private fun isSameNumber(asked: JsonPrimitive, told: JsonPrimitive): Boolean {
    val number = asked.content.takeUnless { asked.isString }?.toDoubleOrNull() ?: return false
    return number == told.content.toDoubleOrNull()
}
