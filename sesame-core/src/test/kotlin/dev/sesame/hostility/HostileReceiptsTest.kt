package dev.sesame.hostility

import dev.sesame.InvalidRequestException
import dev.sesame.ReceiptKeys
import dev.sesame.ReceiptVerificationException
import dev.sesame.ReceiptVerifier
import dev.sesame.hostile.Cases
import dev.sesame.hostile.spoiled
import dev.sesame.hostile.spoiledJson
import dev.sesame.internal.Jws
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.security.KeyPairGenerator
import java.security.PrivateKey
import java.security.Signature
import java.util.Base64

private val pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair()
private val base64 = Base64.getUrlEncoder().withoutPadding()
private val jwks = base64.encodeToString(pair.public.encoded.takeLast(32).toByteArray()).let {
    """{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","use":"sig","x":"$it"},{"kty":"RSA","kid":"r","n":"AQAB","e":"AQAB"}]}"""
}
private const val HEADER = """{"alg":"EdDSA","kid":"k1","typ":"sesame-receipt"}"""
private const val PAYLOAD =
    """{"iss":"https://approvals.example","approval_id":"ap_aaaaaaaaaaaaaaaaaaaaaaaaaa","mode":"live","action":"payments.refund",
    "requester_label":"billing","status":"approved","request_hash":"sha256:abc","context_hash":"sha256:abc","via":"inbox",
    "votes":[{"by":{"id":"pe_1","name":"Ada"},"vote":"approve","at":"2026-11-20T12:00:01Z","via":"inbox"}],
    "created_at":"2026-11-20T12:00:00Z","decided_at":"2026-11-20T12:00:01Z","log":{"index":7,"head":"sha256:def"}}"""

/** Receipts and keys come over ways that nobody guards. */
class HostileReceiptsTest :
    FunSpec({
        val verifier = ReceiptVerifier(ReceiptKeys.fromJwks(jwks))
        val honest = signed(HEADER, PAYLOAD, pair.private)

        test("a receipt that was changed in any character is not believed") {
            verifier.verify(honest).approvalId shouldBe "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa"
            Cases(3_000).each({ it.spoiled(honest) }) { text ->
                if (text.trim() != honest) shouldThrow<ReceiptVerificationException> { verifier.verify(text) }
            }
        }

        test("one signature has one text: no bit of its last character is to spare") {
            val others = ('A'..'Z').map { honest.dropLast(1) + it }.filter { it != honest } + listOf("$honest=", "$honest==")
            others.forEach { shouldThrow<ReceiptVerificationException> { verifier.verify(it) } }
        }

        test("what is nested far too deep is refused before it is read, by whomever it was signed") {
            val deep = "[".repeat(20_000)
            listOf(signed(HEADER, "{\"a\":$deep", pair.private), signed(deep, PAYLOAD, pair.private)).forEach {
                shouldThrow<ReceiptVerificationException> { verifier.verify(it) }
            }
            shouldThrow<InvalidRequestException> { ReceiptKeys.fromJwks("{\"keys\":" + "[".repeat(100_000)) }
        }

        test("whatever is signed is a receipt, or refused as none") {
            Cases(1_000).each({ signed(it.spoiledJson(HEADER).take(2_000), it.spoiledJson(PAYLOAD), pair.private) }) { text ->
                try {
                    verifier.verify(text).mode.value shouldBe "live"
                } catch (_: ReceiptVerificationException) {
                    // As it should be.
                }
            }
        }

        test("a set of keys holds one that is known, or is refused") {
            Cases(2_000).each({ it.spoiledJson(jwks) }) { text ->
                try {
                    ReceiptKeys.fromJwks(text).ids.isEmpty() shouldBe false
                } catch (refused: InvalidRequestException) {
                    refused.fields.keys shouldBe setOf("keys")
                }
            }
        }
    })

private fun signed(header: String, payload: String, key: PrivateKey): String {
    val text = base64.encodeToString(header.toByteArray()) + "." + base64.encodeToString(payload.toByteArray())
    val signature = Signature.getInstance(Jws.ALGORITHM).run {
        initSign(key)
        update(text.toByteArray())
        sign()
    }
    return text + "." + base64.encodeToString(signature)
}
