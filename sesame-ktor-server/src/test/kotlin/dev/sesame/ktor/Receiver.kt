package dev.sesame.ktor

import dev.sesame.WebhookEvent
import dev.sesame.WebhookSecret
import dev.sesame.WebhookSigner
import dev.sesame.context
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.header
import io.ktor.client.request.setBody
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsText
import io.ktor.http.ContentType
import io.ktor.http.content.ByteArrayContent
import io.ktor.server.application.Application
import io.ktor.server.routing.routing
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.time.Clock
import java.time.Instant
import java.time.ZoneOffset
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

internal const val PATH = "/sesame/webhook"
internal val NOW: Instant = Instant.parse("2026-11-20T12:00:00Z")
internal val SECRET: WebhookSecret = WebhookSecret.ofBytes(ByteArray(32) { it.toByte() })
internal val deployContext = context { put("name", "web") }

/** An application that receives webhooks, and what its handlers and its metrics heard. */
internal class Receiver(private val also: SesameWebhooksConfig.(Receiver) -> Unit = {}) {
    val broker = BrokerInMemory()
    val ran = CopyOnWriteArrayList<WebhookEvent>()
    val denied = CopyOnWriteArrayList<WebhookEvent>()
    val answers = CopyOnWriteArrayList<String>()

    @Volatile var failsWith: Exception? = null

    val module: Application.() -> Unit = {
        routing {
            sesameWebhook(PATH) {
                settings()
                handlers(broker.sesame) {
                    on(ACTION) { event ->
                        ran += event
                        failsWith?.let { throw it }
                    }
                    onDenied { denied += it }
                }
                also(this@Receiver)
            }
        }
    }

    /** Without handlers. */
    fun SesameWebhooksConfig.settings() {
        secret(SECRET)
        clock = Clock.fixed(NOW, ZoneOffset.UTC)
        maxBodyBytes = MAX_WEBHOOK
        bodyTimeout = 500.milliseconds
        onAnswer { answers += "$it" }
    }

    /** The metrics are told beside the answers: they come in a moment, two of them in any order. */
    suspend fun hears(vararg expected: String): Unit = eventually(5.seconds) {
        answers shouldContainExactlyInAnyOrder expected.toList()
    }

    /** An approved question, and the webhook that tells of it. */
    suspend fun approved(action: String = ACTION): ByteArray {
        val id = broker.sesame.trigger(action, context = deployContext).id
        broker.approve(id)
        return eventBody(id, action = action)
    }

    companion object {
        const val MAX_WEBHOOK = 4_000
    }
}

/** What the broker says of an approval that ended. */
internal fun eventBody(
    id: String = "ap_" + "a".repeat(26),
    status: String = "approved",
    action: String = ACTION,
    context: JsonObject = deployContext,
): ByteArray = buildJsonObject {
    put("type", "approval.$status")
    put("approval_id", id)
    put("action", action)
    put("status", status)
    put("decided_at", "2026-11-20T11:59:58Z")
    put("mode", "live")
    put("note", "as agreed")
    put("context", context)
    put("effective_context", context)
    put("edited", false)
}.toString().toByteArray()

internal fun signed(body: ByteArray, id: String = "msg_1", secret: WebhookSecret = SECRET, at: Instant = NOW): Map<String, String> =
    WebhookSigner(secret).headers(id, body, at)

/** Sends [body] as the broker does, but for what [fill] does to it. */
internal suspend fun Site.deliver(
    body: ByteArray,
    headers: Map<String, String> = signed(body),
    type: ContentType? = ContentType.Application.Json,
    fill: HttpRequestBuilder.() -> Unit = {},
): HttpResponse = send(PATH) {
    headers.forEach { (name, value) -> header(name, value) }
    setBody(ByteArrayContent(body, type))
    fill()
}

/** Status and body: the body must be empty, whatever happened. */
internal suspend fun HttpResponse.bare(): Int = status.value.also {
    check(bodyAsText().isEmpty()) { "an answer with a body: ${bodyAsText()}" }
}
