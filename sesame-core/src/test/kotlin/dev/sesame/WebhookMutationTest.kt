package dev.sesame

import dev.sesame.hostile.Cases
import dev.sesame.hostile.anyJson
import dev.sesame.hostile.spoiled
import dev.sesame.hostile.spoiledJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.random.Random

private fun Random.spoiled(arrival: Arrival): Arrival {
    val (name, values) = arrival.headers.entries.random(this)
    val (other, others) = arrival.headers.entries.random(this)
    return when (nextInt(8)) {
        0, 1, 2 -> Arrival(spoiled(arrival.body), arrival.headers)
        3, 4 -> arrival.with(name, *values.map { spoiled(it) }.toTypedArray())
        5 -> arrival.without(name)
        6 -> arrival.with(name, *(values + values).toTypedArray())
        else -> arrival.with(name, *others.toTypedArray()).with(other, *values.toTypedArray())
    }
}

private fun Arrival.stamp(verifier: WebhookVerifier): WebhookStamp? = try {
    verified(verifier)
    verifier.authenticate(body, headers)
} catch (_: WebhookVerificationException) {
    null
}

private val bodyAlone = WebhookShape("X-Hub-Signature-256", WebhookEncoding.BASE64, prefix = "sha256=")
private val stripe = WebhookShape(
    "Stripe-Signature",
    prefix = "v1=",
    signed = "{timestamp}.{body}",
    separator = ",",
    timestampHeader = "Stripe-Signature",
    timestampPrefix = "t=",
)

class WebhookMutationTest :
    FunSpec({
        for (shape in listOf(WebhookShape.STANDARD, bodyAlone, stripe)) {
            test("of webhooks that were altered at random none passes for another, and all are refused: ${shape.signatureHeader}") {
                val verifier = WebhookVerifier(listOf(otherSecret, secret), shape, clock = clockAt())
                val honest = arrival(signer = WebhookSigner(secret, shape))
                val stamp = verifier.authenticate(honest.body, honest.headers)
                Cases(5_000).each({ it.spoiled(honest) }) { altered ->
                    val passed = altered.stamp(verifier)
                    // What stands beside a good signature, such as one by another key, is none of ours.
                    if (passed != null) {
                        altered.body.decodeToString() shouldBe honest.body.decodeToString()
                        passed.id shouldBe stamp.id
                        passed.sentAt shouldBe stamp.sentAt
                    }
                }
            }
        }

        test("a body that is signed is an event that agrees with itself, or is refused, whatever it is") {
            val honest = eventBody(edited = editedContext).toString()
            Cases(3_000).each({ if (it.nextInt(4) == 0) it.anyJson() else it.spoiledJson(honest) }) { text ->
                try {
                    val event = arrival(text.toByteArray()).verified()
                    event.mode shouldBe Mode.LIVE
                    event.status.isTerminal shouldBe true
                } catch (_: WebhookVerificationException) {
                    // As it should be.
                }
            }
        }
    })
