package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import java.util.Base64

private const val TEXT = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

private fun written(bytes: Int) = "whsec_" + Base64.getEncoder().encodeToString(ByteArray(bytes) { 7 })

class WebhookSecretTest :
    FunSpec({
        test("24 to 64 bytes are a secret, and no others") {
            for (bytes in listOf(24, 32, 64)) WebhookSecret.of(written(bytes)).reveal() shouldBe written(bytes)
            for (bytes in listOf(0, 23, 65, 4096)) {
                shouldThrow<InvalidRequestException> { WebhookSecret.of(written(bytes)) }.message!! shouldContain "24 to 64 bytes"
            }
        }

        listOf("", TEXT, "whsec_", "whsec_$TEXT\n", " whsec_$TEXT", "whsk_$TEXT", "whsec_${TEXT.dropLast(1)}!").forEach { text ->
            test("'${text.replace("\n", "\\n")}' is no secret, and the message doesn't show it") {
                val problem = shouldThrow<InvalidRequestException> { WebhookSecret.of(text) }
                generateSequence<Throwable>(problem) { it.cause }.forEach { it.message!! shouldNotContain TEXT.dropLast(1) }
            }
        }

        test("a secret of another system is its text, from 8 to 1,024 characters") {
            WebhookSecret.plain("It's a Secret to Everybody").reveal() shouldBe "It's a Secret to Everybody"
            for (length in listOf(0, 7, 1025)) shouldThrow<InvalidRequestException> { WebhookSecret.plain("a".repeat(length)) }
        }

        test("new secrets have 256 bits and are all different") {
            val secrets = List(100) { WebhookSecret.random().reveal() }
            secrets.toSet() shouldHaveSize 100
            secrets.forEach { it shouldMatch Regex("whsec_[A-Za-z0-9+/]{43}=") }
        }

        test("nothing that holds a secret prints it") {
            val signer = WebhookSigner(listOf(secret, otherSecret))
            for (text in listOf("$secret", "$signer", "${verifier()}")) text shouldNotContain TEXT
        }

        test("one to ten secrets sign and verify, and no other number") {
            for (count in listOf(0, 11)) {
                shouldThrow<InvalidRequestException> { WebhookSigner(List(count) { secret }) }
                shouldThrow<InvalidRequestException> { WebhookVerifier(List(count) { secret }) }
            }
        }
    })
