package dev.sesame

import dev.sesame.internal.CanonicalJson
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import java.time.Clock
import java.time.Instant
import java.time.ZoneOffset

internal val NOW: Instant = Instant.parse("2026-11-20T12:01:01Z")
internal const val MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"

internal fun clockAt(now: Instant = NOW): Clock = Clock.fixed(now, ZoneOffset.UTC)

internal val secret: WebhookSecret = WebhookSecret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
internal val otherSecret: WebhookSecret = WebhookSecret.ofBytes(ByteArray(32) { it.toByte() })

/** The body of a webhook as an honest broker writes it; [change] then spoils it. */
internal fun eventBody(
    status: String = "approved",
    edited: JsonObject? = null,
    action: String = ACTION,
    change: JsonObjectBuilder.() -> Unit = {},
): JsonObject = buildJsonObject {
    put("type", "approval.$status")
    put("approval_id", ID)
    put("action", action)
    put("status", status)
    put("decided_at", "2026-11-20T12:01:00Z")
    put("requester_label", "support-bot")
    put("dedup_key", "refund-882")
    put("mode", "live")
    putJsonObject("decided_by") { put("id", "apr_1").also { put("name", "Ada") } }
    put("note", "as agreed")
    put("context", refundContext)
    put("effective_context", edited ?: refundContext)
    put("edited", edited != null)
    put("request_hash", CanonicalJson.requestHash(action, refundContext))
    put("context_hash", CanonicalJson.requestHash(action, edited ?: refundContext))
    change()
}

internal fun JsonObject.toBytes(): ByteArray = toString().toByteArray()

/** A webhook as it arrives: signed by an honest sender, unless a test spoils it. */
internal class Arrival(val body: ByteArray, val headers: Map<String, List<String>>)

internal fun arrival(body: ByteArray = eventBody().toBytes(), signer: WebhookSigner = WebhookSigner(secret), at: Instant = NOW) =
    Arrival(body, signer.headers(MESSAGE, body, at).mapValues { listOf(it.value) })

internal fun verifier(vararg secrets: WebhookSecret = arrayOf(secret)): WebhookVerifier =
    WebhookVerifier(secrets.toList(), clock = clockAt())

internal fun Arrival.with(name: String, vararg values: String) = Arrival(body, headers + (name to values.toList()))

internal fun Arrival.without(name: String) = Arrival(body, headers - name)

internal fun Arrival.verified(by: WebhookVerifier = verifier()): WebhookEvent = by.verify(body, headers)

internal fun Arrival.shouldBeRefused(reason: WebhookReason, by: WebhookVerifier = verifier()) {
    shouldThrow<WebhookVerificationException> { verified(by) }.reason shouldBe reason
}
