package dev.sesame.ktor

import dev.sesame.Sesame
import dev.sesame.internal.CanonicalJson
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.matchers.shouldBe
import io.ktor.client.engine.mock.MockEngine
import io.ktor.client.engine.mock.respond
import io.ktor.client.engine.mock.toByteArray
import io.ktor.client.request.HttpRequestData
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.http.headersOf
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import java.io.IOException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** An honest broker without a process: it keeps what is asked, hands out each claim once, and the test is the person who answers. */
internal class BrokerInMemory {
    private class Record(val asked: JsonObject, document: JsonObject) {
        val document = MutableStateFlow(document)
        val claims = AtomicInteger()
    }

    private val records = ConcurrentHashMap<String, Record>()
    private val made = AtomicInteger()

    /** The bodies of what was asked. */
    val asked = CopyOnWriteArrayList<JsonObject>()

    /** What was reported of the runs. */
    val outcomes = CopyOnWriteArrayList<String>()

    /** Whether no call gets an answer. */
    @Volatile var isDown = false

    /** Whether it says that a claim is needed, as one does that hands them out. */
    @Volatile var handsOutClaims = true

    /** What every claim is refused with, as status and code. */
    @Volatile var refusesClaims: Pair<Int, String>? = null

    /** What its policy decides at once, as a status and a reason; `null` asks people. */
    @Volatile var policy: Pair<String, String>? = null

    private val engine = MockEngine { request ->
        if (isDown) throw IOException("connection refused")
        val (status, body) = answer(request, request.body.toByteArray().decodeToString())
        respond(body.toString(), HttpStatusCode.fromValue(status), headersOf("Sesame-Features", if (handsOutClaims) "claim" else ""))
    }

    /** A client of it that fails at once where it can't be reached. */
    val sesame: Sesame = Sesame {
        apiKey = "sk_live_0123456789abcdefghijklmnopqrstuvwxyz"
        brokerUrl = "http://127.0.0.1:1"
        engine = this@BrokerInMemory.engine
        retryFor = Duration.ZERO
    }

    val contexts: List<JsonObject> get() = asked.map { it.getValue("context").jsonObject }

    val claimed: Int get() = records.values.sumOf { it.claims.get() }

    fun approve(id: String, edited: JsonObject? = null): Unit = decide(id, "approved", edited = edited)

    /** Ends the question, as a person or as time does. */
    fun decide(id: String, status: String, note: String? = null, edited: JsonObject? = null, byPolicy: Boolean = false) {
        val record = records.getValue(id)
        record.document.value = JsonObject(
            record.document.value + buildJsonObject {
                put("status", status)
                put("decided_at", "2026-11-20T12:01:00Z")
                if (edited != null && "editable" !in record.asked) {
                    put("editable", JsonArray(record.asked.getValue("context").jsonObject.keys.map(::JsonPrimitive)))
                }
                put("context_hash", hash(record.asked, edited ?: record.asked.getValue("context").jsonObject))
                putJsonObject("decision") {
                    put("status", status)
                    if (byPolicy) put("via", "policy") else putJsonObject("by") { put("id", "apr_1").also { put("name", "Ada") } }
                    note?.let { put("note", it) }
                    edited?.let { put("edited_context", it) }
                }
            },
        )
    }

    private suspend fun answer(request: HttpRequestData, body: String): Pair<Int, JsonElement> {
        val path = request.url.encodedPath.removePrefix("/v1/approvals").split('/').filter { it.isNotEmpty() }
        if (path.isEmpty()) return open(Json.parseToJsonElement(body).jsonObject)
        val record = records[path.first()] ?: return refusal(404, "not_found")
        return when (path.getOrNull(1)) {
            "claim" -> claim(record)
            "outcome" -> report(record, body)
            else -> if (request.method == HttpMethod.Get) 200 to read(record, request) else refusal(404, "not_found")
        }
    }

    private fun open(body: JsonObject): Pair<Int, JsonElement> {
        asked += body
        records.values.find { it.asked["dedup_key"] == body["dedup_key"] }?.let { same ->
            return if (same.asked["context"] == body["context"]) 200 to same.document.value else refusal(409, "dedup_conflict")
        }
        val id = "ap_" + made.incrementAndGet().toString().map { 'a' + it.digitToInt() }.joinToString("").padStart(26, 'z')
        val context = body.getValue("context").jsonObject
        val document = buildJsonObject {
            put("approval_id", id)
            put("action", body.getValue("action"))
            put("context", context)
            put("request_hash", hash(body, context))
            put("context_hash", hash(body, context))
            put("status", "pending")
            put("approval_url", "http://127.0.0.1:1/approvals/$id")
            if (handsOutClaims) put("claim", "required")
            body["editable"]?.let { put("editable", it) }
        }
        val record = Record(body, document).also { records[id] = it }
        policy?.let { (status, reason) -> decide(id, status, reason, byPolicy = true) }
        return 201 to record.document.value
    }

    private suspend fun read(record: Record, request: HttpRequestData): JsonObject {
        val hold = request.url.parameters["timeout_seconds"]?.toInt()?.seconds ?: return record.document.value
        withTimeoutOrNull(hold) { record.document.first { it.text("status") != "pending" } }
        return record.document.value
    }

    private fun claim(record: Record): Pair<Int, JsonElement> {
        refusesClaims?.let { (status, code) -> return refusal(status, code) }
        if (record.claims.incrementAndGet() > 1) return refusal(409, if (outcomes.isEmpty()) "already_claimed" else "already_executed")
        return 200 to buildJsonObject {
            put("claim_token", "the token")
            put("lease_until", "2026-11-20T12:02:00Z")
            put("approval", record.document.value)
        }
    }

    private fun report(record: Record, body: String): Pair<Int, JsonElement> {
        outcomes += Json.parseToJsonElement(body).jsonObject.text("outcome")
        return 200 to record.document.value
    }

    private fun refusal(status: Int, code: String) =
        status to buildJsonObject { put("code", code).also { put("detail", "refused: $code") } }

    private fun hash(asked: JsonObject, context: JsonObject) = CanonicalJson.requestHash(asked.text("action"), context)
}

/** The outcomes are told beside the answer: they come in a moment. */
internal suspend fun BrokerInMemory.reports(vararg expected: String): Unit = eventually(5.seconds) {
    outcomes.toList() shouldBe
        expected.toList()
}

internal fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content
