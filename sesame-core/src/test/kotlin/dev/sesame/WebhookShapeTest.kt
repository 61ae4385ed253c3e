package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import java.time.Instant

private val payments = WebhookShape(
    "Stripe-Signature",
    prefix = "v1=",
    signed = "{timestamp}.{body}",
    separator = ",",
    timestampHeader = "stripe-signature",
    timestampPrefix = "t=",
)
private val forge = WebhookShape("X-Hub-Signature-256", prefix = "sha256=")
private val plain = WebhookShape(
    "X-Webhook-Signature",
    WebhookEncoding.BASE64,
    signed = "{timestamp}:{body}",
    timestampHeader = "X-Webhook-Timestamp",
)
private val chat = WebhookShape(
    "X-Slack-Signature",
    prefix = "v0=",
    signed = "v0:{timestamp}:{body}",
    timestampHeader = "X-Slack-Request-Timestamp",
)
private val wrapped = WebhookShape("X-Sig", WebhookEncoding.BASE64, signed = "<{id}>{body}</{id}>", idHeader = "X-Id")

private fun verifierOf(shape: WebhookShape, vararg secrets: WebhookSecret) = WebhookVerifier(secrets.toList(), shape, clock = clockAt())

private fun accepts(shape: WebhookShape, secret: WebhookSecret, body: String, vararg headers: Pair<String, String>, at: Instant = NOW) =
    WebhookVerifier(secret, shape, clock = clockAt(at)).authenticate(
        body.toByteArray(),
        headers.associate {
            it.first to listOf(it.second)
        },
    )

/** The shapes of the field, each as configuration. */
class WebhookShapeTest :
    FunSpec({
        test("the hex of the body alone, as a forge publishes its vector") {
            val stamp = accepts(
                forge,
                WebhookSecret.plain("It's a Secret to Everybody"),
                "Hello, World!",
                "X-Hub-Signature-256" to "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            )
            stamp.id shouldBe null
            stamp.sentAt shouldBe null
        }

        test("time and body with a version before them, as a chat publishes its vector") {
            val body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
                "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com" +
                "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
                "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
            val at = Instant.ofEpochSecond(1_531_420_618)
            val stamp = accepts(
                chat,
                WebhookSecret.plain("8f742231b10e8888abcd99yyyzzz85a5"),
                body,
                "X-Slack-Signature" to "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
                "X-Slack-Request-Timestamp" to "1531420618",
                at = at,
            )
            stamp.sentAt shouldBe at
        }

        for (shape in listOf(WebhookShape.STANDARD, payments, forge, plain, chat, wrapped)) {
            test("${shape.signatureHeader}: what is signed is verified, and nothing else") {
                val honest = arrival("{}".toByteArray(), WebhookSigner(secret, shape))
                val verifier = verifierOf(shape, otherSecret, secret)
                verifier.authenticate(honest.body, honest.headers).sentAt shouldBe NOW.takeIf { shape.timestampHeader != null }
                val forgeries = listOf(
                    "{ }".toByteArray() to honest.headers,
                    honest.body to arrival("{}".toByteArray(), WebhookSigner(WebhookSecret.random(), shape)).headers,
                    honest.body to honest.headers.mapValues { (_, values) -> values.map { it.dropLast(1) } },
                ) + honest.headers.keys.map { honest.body to honest.headers - it } +
                    honest.headers.map { (name, values) -> honest.body to honest.headers + (name to values + values) }
                for ((body, headers) in forgeries) {
                    shouldThrow<WebhookVerificationException> { verifier.authenticate(body, headers) }
                }
            }
        }

        for (shape in listOf(payments, plain, chat)) {
            test("${shape.signatureHeader}: old and future times are refused") {
                for ((at, reason) in listOf(
                    NOW.minusSeconds(301) to WebhookReason.TOO_OLD,
                    NOW.plusSeconds(301) to WebhookReason.TOO_NEW,
                )) {
                    val late = arrival("{}".toByteArray(), WebhookSigner(secret, shape), at)
                    shouldThrow<WebhookVerificationException> {
                        verifierOf(shape, secret).authenticate(late.body, late.headers)
                    }.reason shouldBe
                        reason
                }
            }
        }

        test("time and signatures in one header: other schemes are passed over, two times are refused") {
            val signed = WebhookSigner(listOf(otherSecret, secret), payments).headers(MESSAGE, "{}".toByteArray(), NOW)
            signed.keys shouldContainExactly setOf("Stripe-Signature")
            val value = signed.getValue("Stripe-Signature")
            value shouldMatch Regex("t=${NOW.epochSecond},v1=[0-9a-f]{64},v1=[0-9a-f]{64}")
            fun verify(value: String) =
                verifierOf(payments, secret).authenticate("{}".toByteArray(), mapOf("stripe-signature" to listOf(value)))
            verify("$value,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39").sentAt shouldBe NOW
            for (odd in listOf("t=${NOW.epochSecond},$value", value.substringAfter(','), "t=,${value.substringAfter(',')}", "$value,")) {
                shouldThrow<WebhookVerificationException> { verify(odd) }.reason shouldBe WebhookReason.MALFORMED_HEADER
            }
        }

        test("hexadecimal digits are read in either case") {
            val signed = WebhookSigner(secret, forge).headers(MESSAGE, "{}".toByteArray(), NOW).getValue("X-Hub-Signature-256")
            val upper = "sha256=" + signed.removePrefix("sha256=").uppercase()
            accepts(forge, secret, "{}", "X-Hub-Signature-256" to upper).id shouldBe null
        }

        test("a shape with one signature can't be signed with two secrets, but be verified with two") {
            shouldThrow<InvalidRequestException> { WebhookSigner(listOf(secret, otherSecret), forge) }
            WebhookSigner(secret, wrapped).headers("m1", "{}".toByteArray(), NOW).keys shouldContainExactly setOf("X-Id", "X-Sig")
        }

        mapOf(
            "a header that is none" to { WebhookShape("X Signature") },
            "no body" to { WebhookShape("X-Sig", signed = "{timestamp}", timestampHeader = "X-Time") },
            "the body twice" to { WebhookShape("X-Sig", signed = "{body}{body}") },
            "a time that isn't signed" to { WebhookShape("X-Sig", timestampHeader = "X-Time") },
            "a time that isn't sent" to { WebhookShape("X-Sig", signed = "{timestamp}.{body}") },
            "an id that isn't sent" to { WebhookShape("X-Sig", signed = "{id}.{body}") },
            "an empty separator" to { WebhookShape("X-Sig", separator = "") },
            "a time in the signature's header without a mark" to
                { WebhookShape("X-Sig", signed = "{timestamp}.{body}", separator = ",", timestampHeader = "X-Sig") },
        ).forEach { (name, make) ->
            test("$name makes no shape") { shouldThrow<InvalidRequestException> { make() } }
        }
    })
