package dev.sesame.ktor

import dev.sesame.WebhookSecret
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import io.ktor.client.request.header
import io.ktor.client.statement.HttpResponse
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import kotlin.random.Random
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** Bad input is refused without running anything, and without a word. */
class BadWebhooksTest :
    FunSpec({
        /** What [send] is answered with, and what the metric is told. */
        suspend fun refusal(send: suspend (Site, ByteArray) -> HttpResponse): String {
            val receiver = Receiver()
            Engine.TEST_HOST.serving(receiver.module) { site -> send(site, receiver.approved()).bare() }
            receiver.ran.shouldBeEmpty()
            receiver.broker.claimed shouldBe 0
            return eventually(5.seconds) { receiver.answers.single() }
        }

        fun ByteArray.with(name: String, change: (String) -> String): Map<String, String> =
            signed(this).mapValues { (key, value) -> if (key == name) change(value) else value }

        mapOf<String, Pair<String, suspend (Site, ByteArray) -> HttpResponse>>(
            "no signature" to ("401 missing_header" to { site, body -> site.deliver(body, signed(body) - "webhook-signature") }),
            "no id" to ("401 missing_header" to { site, body -> site.deliver(body, signed(body) - "webhook-id") }),
            "no timestamp" to ("401 missing_header" to { site, body -> site.deliver(body, signed(body) - "webhook-timestamp") }),
            "no header of the signature" to ("401 missing_header" to { site, body -> site.deliver(body, emptyMap()) }),
            "another secret" to
                ("401 bad_signature" to { site, body -> site.deliver(body, signed(body, secret = WebhookSecret.ofBytes(ByteArray(32)))) }),
            "an empty signature" to ("401 malformed_header" to { site, body -> site.deliver(body, body.with("webhook-signature") { "" }) }),
            "a truncated signature" to
                ("401 bad_signature" to { site, body -> site.deliver(body, body.with("webhook-signature") { it.dropLast(2) }) }),
            "a signature of another scheme" to
                ("401 bad_signature" to { site, body -> site.deliver(body, body.with("webhook-signature") { it.replace("v1,", "v0,") }) }),
            "ten thousand wrong signatures" to
                ("401 malformed_header" to { site, body -> site.deliver(body, body.with("webhook-signature") { "v1,x ".repeat(10_000) }) }),
            "another id" to ("401 bad_signature" to { site, body -> site.deliver(body, body.with("webhook-id") { "msg_2" }) }),
            "another time" to
                ("401 bad_signature" to { site, body -> site.deliver(body, body.with("webhook-timestamp") { "${it.toLong() + 1}" }) }),
            "a time that is none" to
                ("401 malformed_header" to { site, body -> site.deliver(body, body.with("webhook-timestamp") { "soon" }) }),
            "a time long ago" to
                ("401 too_old" to { site, body -> site.deliver(body, signed(body, at = NOW - 6.minutes.toJavaDuration())) }),
            "a time to come" to (
                "401 too_new" to { site, body ->
                    site.deliver(body, signed(body, at = NOW + 6.minutes.toJavaDuration()))
                }
                ),
            "a body altered by a byte" to
                (
                    "401 bad_signature" to { site, body ->
                        site.deliver(body.copyOf().also { it[20] = (it[20] + 1).toByte() }, signed(body))
                    }
                    ),
            "a body cut short" to ("401 bad_signature" to { site, body -> site.deliver(body.copyOf(body.size - 1), signed(body)) }),
            "no body" to ("401 bad_signature" to { site, body -> site.deliver(ByteArray(0), signed(body)) }),
            "genuine text that is no JSON" to ("400 bad_json" to { site, _ -> site.deliver("approved!".toByteArray()) }),
            "genuine bytes that are no UTF-8" to
                ("400 bad_json" to { site, body -> site.deliver(body.copyOf().also { it[20] = 0xC0.toByte() }) }),
            "genuine JSON that is no event" to ("400 bad_json" to { site, _ -> site.deliver("{}".toByteArray()) }),
            "a genuine event of no known kind" to
                ("400 contradictory" to { site, _ -> site.deliver(eventBody(status = "postponed")) }),
            "a genuine event of test mode" to
                ("400 mode" to { site, body -> site.deliver(body.decodeToString().replace("\"live\"", "\"test\"").toByteArray()) }),
            "no content type" to ("415 content_type" to { site, body -> site.deliver(body, type = null) }),
            "a form" to ("415 content_type" to { site, body -> site.deliver(body, type = ContentType.Application.FormUrlEncoded) }),
            "plain text" to ("415 content_type" to { site, body -> site.deliver(body, type = ContentType.Text.Plain) }),
            "JSON in another charset" to
                (
                    "415 content_type" to { site, body ->
                        site.deliver(body, type = ContentType.Application.Json.withParameter("charset", "utf-16"))
                    }
                    ),
            "a compressed body" to
                ("415 content_type" to { site, body -> site.deliver(body) { header(HttpHeaders.ContentEncoding, "gzip") } }),
            "a body over the cap" to
                ("413 too_large" to { site, _ -> site.deliver(("\"" + "x".repeat(Receiver.MAX_WEBHOOK) + "\"").toByteArray()) }),
        ).forEach { (name, case) ->
            val (answer, send) = case
            test("$name is answered with $answer, and nothing runs") { refusal(send) shouldBe answer }
        }

        test("a body of exactly the cap is read, and JSON may say that it is UTF-8") {
            val body = eventBody(status = "denied").decodeToString().padEnd(Receiver.MAX_WEBHOOK, ' ').toByteArray()
            val receiver = Receiver()
            Engine.TEST_HOST.serving(receiver.module) { site ->
                site.deliver(body, type = ContentType.Application.Json.withParameter("charset", "UTF-8")).bare() shouldBe 204
            }
            receiver.denied.size shouldBe 1
        }

        test("of requests mutated at random, none passes") {
            val receiver = Receiver()
            Engine.TEST_HOST.serving(receiver.module) { site ->
                val body = receiver.approved()
                checkAll(300, Arb.int()) { seed ->
                    val (headers, bytes) = mutated(body, Random(seed))
                    site.deliver(bytes, headers).bare() shouldBe 401
                }
            }
            receiver.ran.shouldBeEmpty()
            receiver.answers.map { it.substringBefore(' ') }.toSet() shouldContainExactly setOf("401")
        }
    })

/** One change somewhere in what is signed or in the signature: a byte replaced, dropped or put in. */
private fun mutated(body: ByteArray, random: Random): Pair<Map<String, String>, ByteArray> {
    val headers = signed(body)
    val name = (headers.keys + "body").random(random)
    if (name == "body") return headers to mutated(body.decodeToString(), random, ' '..'~').toByteArray()
    val value = headers.getValue(name)
    // Spaces around a header are not part of it, and a space within parts signatures.
    return headers + (name to mutated(value, random, '!'..'~')) to body
}

private fun mutated(text: String, random: Random, alphabet: CharRange): String {
    val at = random.nextInt(text.length)
    val char = alphabet.random(random)
    val changed = when (random.nextInt(3)) {
        0 -> text.replaceRange(at, at + 1, "$char")
        1 -> text.removeRange(at, at + 1)
        else -> text.substring(0, at) + char + text.substring(at)
    }
    return if (changed == text) mutated(text, random, alphabet) else changed.also { it shouldNotBe text }
}
