package dev.sesame.broker

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpHeaders
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublisher
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration
import java.util.concurrent.CompletableFuture

/** Calls a broker as one caller; [bearer] is a key, a token, or nothing. */
internal class Http(val url: String, val bearer: String?) {
    fun get(path: String): Answer = send(request(path).GET())

    /** Sends it and goes on; the future's cancellation closes the connection. */
    fun getLater(path: String): CompletableFuture<Answer> =
        client.sendAsync(request(path).GET().build(), BodyHandlers.ofString()).thenApply(::Answer)

    fun post(path: String, vararg fields: Pair<String, Any?>): Answer = postText(path, json(*fields).toString())

    fun postText(path: String, body: String): Answer = postBody(path, BodyPublishers.ofString(body))

    fun postBody(path: String, body: BodyPublisher, contentType: String = "application/json"): Answer =
        send(request(path).POST(body).header("Content-Type", contentType))

    fun send(request: HttpRequest.Builder): Answer = Answer(client.send(request.build(), BodyHandlers.ofString()))

    fun request(path: String): HttpRequest.Builder = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60)).apply {
        if (bearer != null) header("Authorization", "Bearer $bearer")
    }

    companion object {
        val client: HttpClient = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
    }
}

/** What came back. */
internal class Answer(val status: Int, val headers: HttpHeaders, val text: String) {
    constructor(response: HttpResponse<String>) : this(response.statusCode(), response.headers(), response.body())

    val json: JsonObject by lazy { Json.parseToJsonElement(text) as JsonObject }

    fun header(name: String): String? = headers.firstValue(name).orElse(null)

    /** The text at [path], its parts apart by dots; `null` where there is none. */
    fun text(path: String): String? = (at(path) as? JsonPrimitive)?.contentOrNull

    fun at(path: String): JsonElement? = path.split('.').fold<String, JsonElement?>(json) { at, part -> (at as? JsonObject)?.get(part) }

    fun list(name: String): List<JsonObject> = (json.getValue(name) as JsonArray).map { it as JsonObject }

    /** The fields that a problem names. */
    val wrongFields: List<String> get() = list("errors").map { (it.getValue("field") as JsonPrimitive).content }

    /** Ids of the approvals listed. */
    val ids: List<String> get() = list("approvals").map { (it.getValue("approval_id") as JsonPrimitive).content }

    override fun toString(): String = "$status $text"
}

internal fun json(vararg fields: Pair<String, Any?>): JsonObject = JsonObject(fields.associate { (name, value) -> name to element(value) })

private fun element(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is JsonElement -> value
    is Number -> JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is List<*> -> JsonArray(value.map(::element))
    is Map<*, *> -> JsonObject(value.entries.associate { (name, inner) -> "$name" to element(inner) })
    else -> JsonPrimitive("$value")
}
