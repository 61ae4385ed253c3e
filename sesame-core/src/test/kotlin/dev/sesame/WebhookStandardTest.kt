package dev.sesame

import com.standardwebhooks.Webhook
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.shouldBe
import java.time.Instant

/** Standard Webhooks: the published vector, and the reference library as foreign signer and foreign verifier. */
class WebhookStandardTest :
    FunSpec({
        val vector = """{"test": 2432232314}""".toByteArray()
        val sentAt = Instant.ofEpochSecond(1_614_265_330)
        val signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

        test("the published vector is what is signed") {
            WebhookSigner(secret).headers(MESSAGE, vector, sentAt) shouldContainExactly mapOf(
                "webhook-id" to MESSAGE,
                "webhook-timestamp" to "1614265330",
                "webhook-signature" to signature,
            )
        }

        test("the published vector is verified") {
            val headers = mapOf(
                "Webhook-Id" to listOf(MESSAGE),
                "WEBHOOK-TIMESTAMP" to listOf("1614265330"),
                "webhook-signature" to listOf(signature),
            )
            val stamp = WebhookVerifier(secret, clock = clockAt(sentAt)).authenticate(vector, headers)
            stamp.id shouldBe MESSAGE
            stamp.sentAt shouldBe sentAt
        }

        test("what the reference library signs is verified") {
            val body = eventBody().toString()
            val signed = Webhook(secret.reveal()).sign(MESSAGE, NOW.epochSecond, body)
            val headers = mapOf("webhook-id" to MESSAGE, "webhook-timestamp" to "${NOW.epochSecond}", "webhook-signature" to signed)
            verifier().verify(body.toByteArray(), headers.mapValues { listOf(it.value) }).approvalId shouldBe ID
        }

        test("what is signed here the reference library verifies, by each secret of a rotation") {
            val body = eventBody().toBytes()
            // The library has no clock to be given: it asks the machine's.
            val headers = WebhookSigner(listOf(secret, otherSecret)).headers(MESSAGE, body).mapValues { listOf(it.value) }
            for (each in listOf(secret, otherSecret)) Webhook(each.reveal()).verify(String(body), headers)
        }
    })
