package dev.sesame.checks.contract

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration
import java.util.UUID

/** Somebody who calls over plain HTTP, with that [credential]. */
internal class Caller(private val address: String, val credential: String?) {
    fun get(path: String): Answer = send(request(path).GET())

    fun post(path: String, vararg fields: Pair<String, Any?>): Answer = postText(path, json(*fields).toString())

    fun postText(path: String, body: String, type: String = "application/json"): Answer =
        send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)))

    fun call(method: String, path: String): Answer = send(request(path).method(method, BodyPublishers.noBody()))

    /** Asks with what is usual, and [fields] on top. */
    fun ask(vararg fields: Pair<String, Any?>): Answer = post(
        "/v1/approvals",
        *(mapOf<String, Any?>("action" to "payments.refund", "summary" to "Refund A-1001") + fields).toList().toTypedArray(),
    )

    fun asked(vararg fields: Pair<String, Any?>): String = ask(*fields)["approval_id"]

    fun read(id: String): Answer = get("/v1/approvals/$id")

    fun decide(id: String, decision: String, vararg more: Pair<String, Any?>): Answer =
        post("/v1/approvals/$id/decision", "decision" to decision, *more)

    fun claim(id: String, vararg more: Pair<String, Any?>): Answer {
        val usual = mapOf<String, Any?>("claimant" to claimant(), "context_hash" to read(id).text("context_hash"))
        return post("/v1/approvals/$id/claim", *(usual + more).toList().toTypedArray())
    }

    fun report(id: String, token: String, outcome: String): Answer =
        post("/v1/approvals/$id/outcome", "claim_token" to token, "outcome" to outcome)

    fun request(path: String): HttpRequest.Builder = HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(60))
        .apply { credential?.let { header("Authorization", "Bearer $it") } }

    private fun send(request: HttpRequest.Builder): Answer = Answer(http.send(request.build(), BodyHandlers.ofString()))

    companion object {
        val http: HttpClient = HttpClient.newHttpClient()

        fun claimant(): String = "claimant-" + UUID.randomUUID()
    }
}

/** What came back. */
internal class Answer(private val response: HttpResponse<String>) {
    val status: Int = response.statusCode()
    val json: JsonObject by lazy { Json.parseToJsonElement(response.body()).jsonObject }

    /** Every id in the list that this is. */
    val ids: List<String> get() = json.getValue("approvals").jsonArray.map { (it.jsonObject["approval_id"] as JsonPrimitive).content }

    /** The fields that a 422 names. */
    val wrongFields: List<String> get() = json["errors"]?.jsonArray.orEmpty().map { (it.jsonObject["field"] as JsonPrimitive).content }

    fun header(name: String): String? = response.headers().firstValue(name).orElse(null)

    fun at(path: String): JsonElement = path.split('.').fold<String, JsonElement>(json) { at, name ->
        (at as? JsonObject)?.get(name)
            ?: JsonNull
    }

    /** `null` where there is none, or none but `null`. */
    fun text(path: String): String? = (at(path) as? JsonPrimitive)?.takeIf { it !is JsonNull }?.content

    operator fun get(path: String): String = checkNotNull(text(path)) { "no $path in $this" }

    /** Status and code. */
    val told: String get() = "$status ${text("code") ?: text("status") ?: ""}".trim()

    override fun toString(): String = "$status ${response.body()}"
}

internal fun json(vararg fields: Pair<String, Any?>) = JsonObject(fields.associate { (name, value) -> name to element(value) })

private fun element(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is JsonElement -> value
    is Number -> JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is List<*> -> JsonArray(value.map(::element))
    else -> JsonPrimitive("$value")
}
