package dev.sesame

import dev.sesame.internal.contextFrom
import dev.sesame.internal.contextJson
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.MissingFieldException
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.serializer

/** A context of any serializable class: `contextOf(Refund(4200, "cus_1"))`. [InvalidRequestException] where it isn't a JSON object. */
public inline fun <reified C> contextOf(value: C): JsonObject = contextFrom(serializer<C>(), value)

/** A context put together on the spot: `context { put("amount", 4200) }`. */
public fun context(build: JsonObjectBuilder.() -> Unit): JsonObject = buildJsonObject(build)

/** What was approved, as the class that was asked with; [ProtocolException] where it doesn't fit, before anything was run with it. */
public inline fun <reified C> Approval.contextAs(): C = contextAs(serializer<C>())

/** The same with a serializer at hand. */
public fun <C> Approval.contextAs(serializer: DeserializationStrategy<C>): C = read(id, effectiveContext, serializer)

/** What was decided on, with an approver's edits, as the class that was asked with; [ProtocolException] where it doesn't fit. */
public inline fun <reified C> WebhookEvent.contextAs(): C = contextAs(serializer<C>())

/** The same with a serializer at hand. */
public fun <C> WebhookEvent.contextAs(serializer: DeserializationStrategy<C>): C {
    if (redacted.isNotEmpty()) {
        throw ProtocolException("$approvalId: the webhook leaves ${redacted.joinToString()} out: dispatch it, or read the approval")
    }
    return read(approvalId, effectiveContext, serializer)
}

@OptIn(ExperimentalSerializationApi::class)
private fun <C> read(id: String, effectiveContext: JsonObject, serializer: DeserializationStrategy<C>): C = try {
    contextJson.decodeFromJsonElement(serializer, effectiveContext)
} catch (problem: IllegalArgumentException) { // SerializationException is one; without it as the cause, which quotes the context
    val missing = (problem as? MissingFieldException)?.missingFields?.joinToString(prefix = ": it lacks ").orEmpty()
    throw ProtocolException("$id: the approved context doesn't fit ${serializer.descriptor.serialName}$missing")
}
