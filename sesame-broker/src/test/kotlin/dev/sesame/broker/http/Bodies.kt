package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** One kind of body that [operation] takes, from a caller who may send it. */
internal class Body(val operation: String, val name: String, val by: Http) {
    private val schema = Contract.schema(name)
    val required: List<String> = schema["required"].words()
    private val properties = schema.child("properties").mapValues { Contract.check.resolve(it.value.jsonObject) }

    /** Those of one plain value. */
    val fields: Map<String, JsonObject> = properties.filterValues {
        it["type"].words().none { type -> type == "object" || type == "array" }
    }

    /** What is required, and nothing else. */
    val least: JsonObject = JsonObject(required.associateWith { within(properties.getValue(it)).first() })

    fun send(body: JsonObject): Answer = by.call(operation, body.toString())
}

internal fun bodies(requester: Http, admin: Http): List<Body> = listOf(
    Body("POST /v1/approvals", "OpenBody", requester),
    Body("POST /v1/approvals/{id}/cancel", "NoFields", requester),
    Body("POST /v1/approvals/{id}/claim", "ClaimBody", requester),
    Body("POST /v1/approvals/{id}/outcome", "OutcomeReport", requester),
    Body("POST /v1/approvals/{id}/outcome", "OutcomeSettlement", admin),
    Body("POST /v1/approvals/{id}/decision", "DecisionBody", admin),
    Body("POST /v1/approvals/{id}/extend", "ExtendBody", admin),
    Body("POST /v1/approvals/{id}/redact", "RedactBody", admin),
    Body("POST /v1/policy/check", "PolicyCheckBody", requester),
    Body("POST /v1/admin/policies", "PolicyBody", admin),
    Body("POST /v1/admin/requesters", "RequesterBody", admin),
    Body("POST /v1/admin/requesters/{id}/revoke", "NoFields", admin),
    Body("POST /v1/admin/keys", "KeyBody", admin),
    Body("POST /v1/admin/keys/{id}/revoke", "NoFields", admin),
    Body("POST /v1/admin/approvers", "ApproverBody", admin),
    Body("POST /v1/admin/approvers/{id}/revoke", "NoFields", admin),
    Body("POST /v1/admin/approvers/{id}/link", "NoFields", admin),
    Body("POST /v1/admin/approvers/{id}/sign-out", "NoFields", admin),
    Body("POST /v1/admin/approvers/{id}/passkeys/revoke", "NoFields", admin),
    Body("POST /v1/admin/groups", "GroupBody", admin),
    Body("POST /v1/admin/groups/{id}/revoke", "NoFields", admin),
    Body("POST /v1/admin/groups/{id}/add-member", "MemberBody", admin),
    Body("POST /v1/admin/groups/{id}/remove-member", "MemberBody", admin),
    Body("POST /v1/admin/sessions/{id}/revoke", "NoFields", admin),
    Body("POST /v1/admin/approvers/{id}/link-telegram", "NoFields", admin),
    Body("POST /v1/admin/approvers/{id}/unlink-telegram", "NoFields", admin),
    Body("POST /v1/admin/signing-keys", "NoFields", admin),
    Body("POST /v1/admin/signing-keys/{id}/revoke", "NoFields", admin),
    Body("POST /v1/admin/endpoints", "EndpointBody", admin),
    Body("POST /v1/admin/endpoints/{id}/rotate", "NoFields", admin),
    Body("POST /v1/admin/endpoints/{id}/disable", "DisableBody", admin),
    Body("POST /v1/admin/endpoints/{id}/enable", "NoFields", admin),
    Body("POST /v1/admin/deliveries/{id}/redeliver", "NoFields", admin),
)

/** Values that [schema] just takes: its examples, at each of its bounds, each of its words, and any text where it names no kind of it. */
internal fun within(schema: JsonObject): List<JsonElement> = schema["examples"]?.jsonArray.orEmpty() +
    bounds(schema, outwards = 0) + schema["enum"]?.jsonArray.orEmpty() +
    listOf(JsonPrimitive(true), JsonPrimitive(false)).filter { "boolean" in schema["type"].words() } +
    listOf(odd(schema)).filter { "string" in schema["type"].words() && listOf("enum", "pattern", "format").none(schema::containsKey) }

/** Values that [schema] just doesn't take. */
internal fun beyond(schema: JsonObject): List<JsonElement> = bounds(schema, outwards = 1) +
    listOf(JsonPrimitive("another")).filter { "string" !in schema["type"].words() || "enum" in schema || "format" in schema } +
    listOf(odd(schema)).filter { "pattern" in schema }

private fun odd(schema: JsonObject) = JsonPrimitive("é".repeat(schema.number("minLength")?.toInt() ?: 1))

private fun bounds(schema: JsonObject, outwards: Int): List<JsonElement> = listOfNotNull(
    schema.number("minLength")?.let { text(it.toInt() - outwards) },
    schema.number("maxLength")?.let { text(it.toInt() + outwards) },
    schema.number("minimum")?.let { JsonPrimitive(it.toLong() - outwards) },
    schema.number("maximum")?.let { JsonPrimitive(it.toLong() + outwards) },
)

private fun text(length: Int) = JsonPrimitive("a".repeat(length))
