package dev.sesame.checks

import dev.sesame.DecisionHandlers
import dev.sesame.PendingApproval
import dev.sesame.Sesame
import dev.sesame.WebhookEncoding
import dev.sesame.WebhookSecret
import dev.sesame.WebhookShape
import dev.sesame.WebhookSigner
import dev.sesame.WebhookVerificationException
import dev.sesame.WebhookVerifier
import dev.sesame.contextAs
import dev.sesame.contextOf

// What docs/webhooks.md shows of Kotlin, compiled, and run by WebhookPageTest.

internal suspend fun deferredExample(sesame: Sesame): PendingApproval {
    val pending = sesame.trigger(
        "payments.refund",
        summary = "Refund 42.00 to Ana",
        context = contextOf(Refund("ana", cents = 4_200)),
        dedupKey = "refund-886",
        callbackUrl = "https://refunds.example.com/sesame/webhook",
    )
    return pending
}

internal fun handlersExample(sesame: Sesame, payments: Payments, tell: (String) -> Unit): DecisionHandlers {
    val handlers = DecisionHandlers(sesame) {
        on("payments.refund") { event -> payments.pay(event.contextAs<Refund>()) }
        onDenied { event -> tell("no: ${event.note ?: "without a word"}") }
    }
    return handlers
}

internal class Receiver(private val verifier: WebhookVerifier, private val handlers: DecisionHandlers, private val log: (String) -> Unit) {
    /** The status to answer with, and no body. An exception means 500: the webhook comes again. */
    suspend fun receive(body: ByteArray, headers: Map<String, List<String>>): Int {
        val event = try {
            verifier.verify(body, headers)
        } catch (refused: WebhookVerificationException) {
            log("webhook refused: ${refused.reason}")
            return if (refused.reason.isGenuine) 400 else 401
        }
        return if (handlers.dispatch(event).mayAcknowledge) 204 else 503
    }
}

internal fun rotationExample(current: String, next: String): WebhookVerifier {
    val verifier = WebhookVerifier(listOf(WebhookSecret.of(current), WebhookSecret.of(next)))
    return verifier
}

internal fun shapesExample(): List<WebhookShape> {
    val hexOfTheBody = WebhookShape("X-Hub-Signature-256", prefix = "sha256=")
    val timeAndSignaturesInOne = WebhookShape(
        "Stripe-Signature",
        prefix = "v1=",
        signed = "{timestamp}.{body}",
        separator = ",",
        timestampHeader = "Stripe-Signature",
        timestampPrefix = "t=",
    )
    val base64WithATime = WebhookShape(
        "X-Webhook-Signature",
        WebhookEncoding.BASE64,
        signed = "{timestamp}:{body}",
        timestampHeader = "X-Webhook-Timestamp",
    )
    return listOf(hexOfTheBody, timeAndSignaturesInOne, base64WithATime)
}

internal fun foreignExample(shape: WebhookShape, body: ByteArray, headers: Map<String, List<String>>): String? {
    val verifier = WebhookVerifier(WebhookSecret.plain("what the other system calls its secret"), shape)
    val stamp = verifier.authenticate(body, headers) // throws, or the body may be read
    return stamp.id
}

internal suspend fun ownTestExample(receiver: Receiver, secret: WebhookSecret, body: ByteArray): Int {
    val headers = WebhookSigner(secret).headers("msg_1", body).mapValues { listOf(it.value) }
    return receiver.receive(body, headers)
}
