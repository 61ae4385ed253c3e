package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.time.Duration
import java.time.Instant

private const val ID_HEADER = "webhook-id"
private const val TIME = "webhook-timestamp"
private const val SIGNATURE = "webhook-signature"

private fun Arrival.signature() = headers.getValue(SIGNATURE).single()

/** Who may pass: the right bytes with the right secret at the right time. */
class WebhookVerifierTest :
    FunSpec({
        test("what was signed is verified, with its id and time") {
            val event = arrival().verified()
            event.webhookId shouldBe MESSAGE
            event.sentAt shouldBe NOW
            event.isVerified shouldBe true
        }

        test("headers are found in whatever case, in a map or by a function") {
            val honest = arrival()
            Arrival(honest.body, honest.headers.mapKeys { it.key.uppercase() }).verified().approvalId shouldBe ID
            verifier().verify(honest.body) { honest.headers[it] }.approvalId shouldBe ID
        }

        for (name in listOf(ID_HEADER, TIME, SIGNATURE)) {
            test("without $name it is refused") {
                arrival().without(name).shouldBeRefused(WebhookReason.MISSING_HEADER)
                arrival().with(name).shouldBeRefused(WebhookReason.MISSING_HEADER)
            }

            test("with $name twice it is refused, even where both are the same") {
                val value = arrival().headers.getValue(name).single()
                arrival().with(name, value, value).shouldBeRefused(WebhookReason.REPEATED_HEADER)
                arrival().with(name.uppercase(), value).shouldBeRefused(WebhookReason.REPEATED_HEADER)
            }

            test("with $name too long it is refused") {
                arrival().with(name, "1".repeat(100_000)).shouldBeRefused(WebhookReason.MALFORMED_HEADER)
            }
        }

        for (time in listOf("", " ", "-1", "+1763640061", "1763640061 ", "1763640061.0", "0x1", "now", "9".repeat(13), "١٧٦٣٦٤٠٠٦١")) {
            test("'$time' is no time") { arrival().with(TIME, time).shouldBeRefused(WebhookReason.MALFORMED_HEADER) }
        }

        for (id in listOf("", "a b", "msg\n", "mäg", "m".repeat(257))) {
            test("'${id.take(9).trim()}' of ${id.length} is no id") {
                arrival().with(ID_HEADER, id).shouldBeRefused(WebhookReason.MALFORMED_HEADER)
            }
        }

        test("five minutes either way are accepted, and a second more is not") {
            arrival(at = NOW.minusSeconds(300)).verified().sentAt shouldBe NOW.minusSeconds(300)
            arrival(at = NOW.plusSeconds(300)).verified().sentAt shouldBe NOW.plusSeconds(300)
            arrival(at = NOW.minusSeconds(301)).shouldBeRefused(WebhookReason.TOO_OLD)
            arrival(at = NOW.plusSeconds(301)).shouldBeRefused(WebhookReason.TOO_NEW)
            arrival(at = Instant.EPOCH).shouldBeRefused(WebhookReason.TOO_OLD)
            arrival().with(TIME, "9".repeat(12)).shouldBeRefused(WebhookReason.TOO_NEW)
        }

        test("the tolerance is what was configured, within reason") {
            val strict = WebhookVerifier(secret, tolerance = Duration.ofSeconds(10), clock = clockAt())
            arrival(at = NOW.minusSeconds(10)).verified(strict).sentAt shouldBe NOW.minusSeconds(10)
            arrival(at = NOW.minusSeconds(11)).shouldBeRefused(WebhookReason.TOO_OLD, strict)
            for (tolerance in listOf(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
                shouldThrow<InvalidRequestException> { WebhookVerifier(secret, tolerance = tolerance) }
            }
        }

        test("another secret, an older time or a newer one, another id, another body: no signature fits") {
            arrival().shouldBeRefused(WebhookReason.BAD_SIGNATURE, verifier(otherSecret))
            arrival().with(TIME, "${NOW.epochSecond + 1}").shouldBeRefused(WebhookReason.BAD_SIGNATURE)
            arrival().with(ID_HEADER, "msg_2").shouldBeRefused(WebhookReason.BAD_SIGNATURE)
            Arrival(ByteArray(0), arrival().headers).shouldBeRefused(WebhookReason.BAD_SIGNATURE)
        }

        test("every single byte of the body counts") {
            val honest = arrival()
            for (index in honest.body.indices) {
                val altered = honest.body.copyOf().also { it[index] = (it[index] + 1).toByte() }
                Arrival(altered, honest.headers).shouldBeRefused(WebhookReason.BAD_SIGNATURE)
            }
        }

        test("every single character of the signature counts, its padding too") {
            val honest = arrival()
            val signature = honest.signature()
            val alphabet = ('A'..'Z') + ('a'..'z') + ('0'..'9') + listOf('+', '/', '=', '-', '_')
            for (index in 3 until signature.length) {
                for (char in alphabet - signature[index]) {
                    val forged = signature.replaceRange(index..index, "$char")
                    honest.with(SIGNATURE, forged).shouldBeRefused(WebhookReason.BAD_SIGNATURE)
                }
            }
        }

        test("a truncated, doubled, unversioned or differently versioned signature is none") {
            val honest = arrival()
            val signature = honest.signature()
            for (cut in 1..signature.length - 1) {
                honest.with(
                    SIGNATURE,
                    signature.dropLast(cut),
                ).shouldBeRefused(WebhookReason.BAD_SIGNATURE)
            }
            val code = signature.removePrefix("v1,")
            val forgeries =
                listOf("v2,$code", "V1,$code", "v1a,$code", "v1=$code", "v1,$code$code", "v1,", "v1,v1,$code", "$signature,$signature")
            for (forged in forgeries + code) {
                honest.with(SIGNATURE, forged).shouldBeRefused(WebhookReason.BAD_SIGNATURE)
            }
            for (odd in listOf("", " ", " $signature", "$signature ", "$signature  $signature")) {
                honest.with(SIGNATURE, odd).shouldBeRefused(WebhookReason.MALFORMED_HEADER)
            }
        }

        test("during a rotation either secret verifies, and either signature is enough") {
            val both = WebhookSigner(listOf(otherSecret, secret))
            arrival(signer = both).verified().approvalId shouldBe ID
            arrival(signer = both).verified(verifier(otherSecret)).approvalId shouldBe ID
            arrival().verified(verifier(otherSecret, secret)).approvalId shouldBe ID
            arrival().verified(verifier(secret, otherSecret)).approvalId shouldBe ID
            arrival().with(SIGNATURE, "v1a,abc ${arrival().signature()} v1,def").verified().approvalId shouldBe ID
        }

        test("a refusal shows neither the secret, nor the body, nor a header's value") {
            val spoiled = listOf(
                arrival().with(SIGNATURE, "v1,hidden"),
                arrival().with(TIME, "hidden"),
                arrival().with(ID_HEADER, "hid den"),
                arrival("hidden".toByteArray()),
                arrival("""{"type":"hidden"}""".toByteArray()),
                arrival(eventBody("hidden").toBytes()),
            )
            for (each in spoiled) {
                val problem = shouldThrow<WebhookVerificationException> { each.verified() }
                generateSequence<Throwable>(problem) { it.cause }.forEach { it.message!! shouldNotContain "hid" }
                problem.message!! shouldNotContain secret.reveal()
            }
        }
    })
