package dev.sesame

import dev.sesame.internal.CanonicalJson
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

internal const val KEY = "sk_live_0123456789abcdefghijklmnopqrstuvwxyz"
internal const val TOKEN = "at_0123456789abcdefghijklmnopqrstuvwxyz"
internal const val ADDRESS = "http://127.0.0.1:8700"
internal const val ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa"
internal const val OTHER_ID = "ap_bbbbbbbbbbbbbbbbbbbbbbbbbb"
internal const val ACTION = "payments.refund"

internal val refundContext: JsonObject = context {
    put("amount", 4200)
    put("customer", "cus_1")
}

internal val editedContext: JsonObject = context {
    put("amount", 2100)
    put("customer", "cus_1")
}

/** The document as an honest broker tells it; [change] then spoils it. */
internal fun document(
    status: String = "approved",
    id: String = ID,
    action: String = ACTION,
    context: JsonObject = refundContext,
    edited: JsonObject? = null,
    change: JsonObjectBuilder.() -> Unit = {},
): JsonObject = buildJsonObject {
    put("approval_id", id)
    put("mode", "live")
    put("action", action)
    put("summary", "Refund 42.00 to cus_1")
    put("context", context)
    put("request_hash", CanonicalJson.requestHash(action, context))
    put("context_hash", CanonicalJson.requestHash(action, edited ?: context))
    put("status", status)
    put("created_at", "2026-11-20T12:00:00Z")
    put("expires_at", "2026-11-21T12:00:00Z")
    put("approval_url", "$ADDRESS/approvals/$id")
    put("claim", "required")
    putJsonArray("editable") { add("amount") }
    if (status != "pending") {
        put("decided_at", "2026-11-20T12:01:00Z")
        put("valid_until", "2026-11-20T13:01:00Z")
        putJsonObject("decision") {
            put("status", status)
            putJsonObject("by") { put("id", "apr_1").also { put("name", "Ada") } }
            put("note", "as agreed")
            edited?.let { put("edited_context", it) }
        }
    }
    change()
}

internal fun JsonObject.without(vararg names: String): JsonObject = JsonObject(this - names.toSet())

private val lenient = Json { ignoreUnknownKeys = true }

internal fun JsonObject.asApproval(): Approval = lenient.decodeFromJsonElement(Approval.serializer(), this)

internal fun approval(status: String = "approved", edited: JsonObject? = null): Approval = document(status, edited = edited).asApproval()
