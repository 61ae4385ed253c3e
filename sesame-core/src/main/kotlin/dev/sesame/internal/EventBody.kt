package dev.sesame.internal

import dev.sesame.ApprovalStatus
import dev.sesame.Mode
import dev.sesame.Person
import dev.sesame.WebhookReason
import dev.sesame.WebhookVerificationException
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonTransformingSerializer
import java.time.Instant

/** The body of a webhook as the wire contract has it. */
@Serializable
internal class EventBody(
    val type: String,
    @SerialName("approval_id") val approvalId: String,
    val action: String,
    @Serializable(with = StatusText::class) val status: ApprovalStatus,
    @SerialName("decided_at") @Serializable(with = InstantText::class) val decidedAt: Instant? = null,
    @SerialName("requester_label") val requesterLabel: String? = null,
    @SerialName("dedup_key") val dedupKey: String? = null,
    @Serializable(with = ModeText::class) val mode: Mode = Mode.LIVE,
    @SerialName("decided_by") @Serializable(with = PersonOrName::class) val decidedBy: Person? = null,
    val note: String? = null,
    val context: JsonObject? = null,
    @SerialName("effective_context") val effectiveContext: JsonObject? = null,
    val edited: Boolean = false,
    @SerialName("request_hash") val requestHash: String? = null,
    @SerialName("context_hash") val contextHash: String? = null,
    val receipt: String? = null,
    val redacted: List<String> = emptyList(),
) {
    /** What in it doesn't agree with the rest; `null` where all does. */
    private fun contradiction(): String? = when {
        !status.isTerminal || type != "approval.$status" -> "its type and its status are not a pair that is known here"

        redacted.isNotEmpty() -> if (requestHash == null || contextHash == null) "it is redacted, and doesn't name its contexts" else null

        requestHash != null && context != null && hash(context) != requestHash -> "its context is not what request_hash names"

        contextHash != null && effectiveHash() != contextHash -> "its effective context is not what context_hash names"

        !edited && context != null && effectiveContext != null && hash(context) != hash(effectiveContext) ->
            "its contexts differ, but nobody edited"

        else -> null
    }

    /** What a claim of it must name. */
    fun effectiveHash(): String = if (redacted.isEmpty()) hash(effectiveContext ?: context ?: nothing) else contextHash.orEmpty()

    /** The same with nothing left out: [context] was asked, and [effective] is what the hash names. */
    fun whole(context: JsonObject, effective: JsonObject) = EventBody(
        type, approvalId, action, status, decidedAt, requesterLabel, dedupKey, mode, decidedBy, note, context, effective, edited,
        requestHash, contextHash, receipt,
    )

    private fun hash(context: JsonObject) = CanonicalJson.requestHash(action, context)

    companion object {
        private val nothing = JsonObject(emptyMap())
        private val json = Json { ignoreUnknownKeys = true }

        /** Throws [WebhookVerificationException] where [body] isn't UTF-8, not JSON, no event, or contradicts itself. */
        fun parse(body: ByteArray): EventBody {
            if (!JsonDepth.isBearable(body)) throw refused(WebhookReason.BAD_JSON, "the body is nested too deep")
            val event = try {
                json.decodeFromString(serializer(), body.decodeToString(throwOnInvalidSequence = true))
            } catch (_: CharacterCodingException) { // without causes: they quote the body
                throw refused(WebhookReason.BAD_JSON, "the body is not UTF-8")
            } catch (_: IllegalArgumentException) { // SerializationException, or plainly that where a map ends after a name
                throw refused(WebhookReason.BAD_JSON, "the body is not the JSON of an event")
            }
            val contradiction = try {
                event.contradiction()
            } catch (_: NotCanonical) {
                "a context holds what has no canonical form"
            }
            if (contradiction != null) throw refused(WebhookReason.CONTRADICTORY, contradiction)
            return event
        }

        private fun refused(reason: WebhookReason, message: String) = WebhookVerificationException(reason, message)
    }
}

/** Who decided, as an object or, from a simpler broker, as a mere name. */
internal object PersonOrName : JsonTransformingSerializer<Person>(Person.serializer()) {
    override fun transformDeserialize(element: JsonElement): JsonElement =
        if (element is JsonPrimitive && element !is JsonNull && element.isString) JsonObject(mapOf("id" to element)) else element
}
