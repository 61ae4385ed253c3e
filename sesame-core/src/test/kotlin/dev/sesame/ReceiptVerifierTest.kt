package dev.sesame

import dev.sesame.internal.Jws
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.util.Base64

class ReceiptVerifierTest :
    FunSpec({
        val pair = newPair()
        val keys = ReceiptKeys.fromJwks(jwks("k1" to pair))

        fun signed(payload: JsonObject = payload(), type: String = "sesame-receipt", keyId: String = "k1", by: KeyPair = pair) =
            Jws.sign(type, payload, keyId, by.private)

        test("what a known key signed is believed, and says what was signed") {
            val receipt = ReceiptVerifier(keys).verifyApproved(" ${signed()}\n", ID, ACTION, HASH)
            receipt.votes.single().by.name shouldBe "Ada"
            receipt.log.index shouldBe 7
            receipt.decidedAt.toString() shouldBe "2026-11-20T12:00:01Z"
            "$receipt" shouldBe "Receipt($ID, $ACTION, approved)"
        }

        test("fields of a later version are passed over") {
            ReceiptVerifier(keys).verify(signed(payload("new_field" to JsonPrimitive(1)))).approvalId shouldBe ID
        }

        val (header, body, signature) = signed().split('.')
        val unsigned = Base64.getUrlEncoder().withoutPadding().encodeToString(
            """{"alg":"none","typ":"sesame-receipt","kid":"k1"}""".toByteArray(),
        )
        val byHmac = Base64.getUrlEncoder().withoutPadding().encodeToString(
            """{"alg":"HS256","typ":"sesame-receipt","kid":"k1"}""".toByteArray(),
        )
        mapOf(
            "no JWS" to "nothing",
            "nothing" to "",
            "no signature" to "$header.$body.",
            "another signature" to "$header.$body.${signature.reversed()}",
            "another body" to "$header.${body.dropLast(2)}AA.$signature",
            "a key that is not known" to signed(keyId = "k2"),
            "the signature of another key under a known name" to signed(by = newPair()),
            "a statement of another kind" to signed(type = "sesame-checkpoint"),
            "no algorithm" to "$unsigned.$body.$signature",
            "an algorithm with a shared secret" to "$byHmac.$body.$signature",
            "a signed statement that lacks its fields" to signed(JsonObject(mapOf("iss" to JsonPrimitive("x")))),
            "a receipt of test mode" to signed(payload("mode" to JsonPrimitive("test"))),
            "far too much" to "$header.${body.repeat(500)}.$signature",
        ).forEach { (name, text) ->
            test("$name is not believed") { shouldThrow<ReceiptVerificationException> { ReceiptVerifier(keys).verify(text) } }
        }

        test("a receipt of test mode counts where that is allowed") {
            ReceiptVerifier(keys, allowTestMode = true).verify(signed(payload("mode" to JsonPrimitive("test")))).mode shouldBe Mode.TEST
        }

        test("a receipt for anything else than what is about to run is refused") {
            val verifier = ReceiptVerifier(keys)
            val denied = signed(payload("status" to JsonPrimitive("denied")))
            val unknown = signed(payload("status" to JsonPrimitive("approved_twice")))
            listOf(
                { verifier.verifyApproved(signed(), "ap_other", ACTION, HASH) },
                { verifier.verifyApproved(signed(), ID, "payments.payout", HASH) },
                { verifier.verifyApproved(signed(), ID, ACTION, "sha256:other") },
                { verifier.verifyApproved(denied, ID, ACTION, HASH) },
                { verifier.verifyApproved(unknown, ID, ACTION, HASH) },
            ).forEach { shouldThrow<ReceiptVerificationException> { it() } }
        }

        test("keys of other kinds are passed over, and a text without any is refused with its fault") {
            val rsa = """{"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB"}"""
            ReceiptKeys.fromJwks("""{"keys": [$rsa, ${jwk("k1", pair)}]}""").ids shouldBe setOf("k1")
            mapOf(
                "nonsense" to "no JWK set",
                "[]" to "no JWK set",
                """{"keys": [$rsa]}""" to "no Ed25519 key",
                """{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "short", "x": "AAAA"}]}""" to "no Ed25519 key",
                """{"keys": [${List(101) { rsa }.joinToString()}]}""" to "more than 100",
            ).forEach { (text, fault) ->
                shouldThrow<InvalidRequestException> { ReceiptKeys.fromJwks(text) }.fields.getValue("keys") shouldContain fault
            }
        }
    })

private const val HASH = "sha256:abc"

private fun newPair(): KeyPair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair()

private fun jwk(id: String, pair: KeyPair): String {
    val x = Base64.getUrlEncoder().withoutPadding().encodeToString(pair.public.encoded.takeLast(32).toByteArray())
    return """{"kty": "OKP", "crv": "Ed25519", "kid": "$id", "x": "$x"}"""
}

private fun jwks(vararg pairs: Pair<String, KeyPair>) = """{"keys": [${pairs.joinToString { (id, pair) -> jwk(id, pair) }}]}"""

private fun payload(vararg changes: Pair<String, JsonPrimitive>): JsonObject = JsonObject(
    Json.parseToJsonElement(
        """{"iss": "https://approvals.example", "approval_id": "$ID", "mode": "live", "action": "$ACTION", "requester_label": "billing",
        "status": "approved", "request_hash": "$HASH", "context_hash": "$HASH", "via": "inbox",
        "votes": [{"by": {"id": "pe_1", "name": "Ada"}, "vote": "approve", "at": "2026-11-20T12:00:01Z", "via": "inbox"}],
        "created_at": "2026-11-20T12:00:00Z", "decided_at": "2026-11-20T12:00:01Z", "log": {"index": 7, "head": "sha256:def"}}""",
    ).jsonObject + changes,
)
