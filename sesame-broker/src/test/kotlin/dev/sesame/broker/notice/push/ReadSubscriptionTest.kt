package dev.sesame.broker.notice.push

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class ReadSubscriptionTest :
    FunSpec({
        val agent = UserAgent.at("https://push.example")
        val reading = ReadSubscription { if ("evil" in it) "must be elsewhere" else null }

        test("what a browser gives is taken, with and without padding") {
            val taken = reading.read(agent.endpoint, agent.p256dh, agent.auth)
            taken shouldBe Subscription(agent.endpoint, agent.p256dh, agent.auth)
            reading.read(agent.endpoint, agent.p256dh + "=", agent.auth + "==") shouldBe taken
            "$taken" shouldBe "Subscription"
        }

        test("each field is named with what it must be") {
            val key = UserAgent.bytes(agent.p256dh)
            val besideCurve = key.copyOf().also { it[64] = (it[64] + 1).toByte() }
            val wrong = listOf(
                Triple("https://evil.example", agent.p256dh, agent.auth) to "endpoint must be elsewhere",
                Triple(agent.endpoint, "", agent.auth) to "p256dh must be 65 bytes as base64url",
                Triple(agent.endpoint, UserAgent.base64(key.copyOf(64)), agent.auth) to "p256dh must be 65 bytes",
                Triple(agent.endpoint, "a+b/".repeat(20), agent.auth) to "p256dh must be 65 bytes",
                Triple(agent.endpoint, "A".repeat(1_000_000), agent.auth) to "p256dh must be 65 bytes",
                Triple(
                    agent.endpoint,
                    UserAgent.base64(byteArrayOf(2) + key.drop(1)),
                    agent.auth,
                ) to "p256dh must be an uncompressed point",
                Triple(agent.endpoint, UserAgent.base64(besideCurve), agent.auth) to "p256dh must be an uncompressed point",
                Triple(agent.endpoint, UserAgent.base64(byteArrayOf(4) + ByteArray(64) { -1 }), agent.auth) to
                    "p256dh must be an uncompressed",
                Triple(agent.endpoint, UserAgent.base64(byteArrayOf(4) + ByteArray(64)), agent.auth) to
                    "p256dh must be an uncompressed point",
                Triple(agent.endpoint, agent.p256dh, "short") to "auth must be 16 bytes as base64url",
            )
            wrong.forEach { (given, words) ->
                withClue(words) {
                    shouldThrow<BadSubscription> { reading.read(given.first, given.second, given.third) }.message shouldContain words
                }
            }
        }
    })
