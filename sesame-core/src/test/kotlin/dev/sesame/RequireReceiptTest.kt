package dev.sesame

import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.Jws
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.security.KeyPairGenerator
import java.util.Base64

/** With `requireReceipt`, the broker's word alone runs nothing. */
class RequireReceiptTest :
    FunSpec({
        val pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair()
        val x = Base64.getUrlEncoder().withoutPadding().encodeToString(pair.public.encoded.takeLast(32).toByteArray())
        val keys = ReceiptKeys.fromJwks("""{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k1", "x": "$x"}]}""")

        fun receipt(status: String = "approved", hash: String = CanonicalJson.requestHash(ACTION, refundContext)): Reply {
            val payload = """{"iss": "x", "approval_id": "$ID", "mode": "live", "action": "$ACTION", "requester_label": "r", "status": "$status",
                "request_hash": "$hash", "context_hash": "$hash", "votes": [], "created_at": "2026-11-20T12:00:00Z",
                "decided_at": "2026-11-20T12:00:01Z", "log": {"index": 7, "head": "h"}}"""
            return Reply(
                """{"receipt": "${Jws.sign("sesame-receipt", Json.parseToJsonElement(payload).jsonObject, "k1", pair.private)}"}""",
            )
        }

        fun SesameConfig.strict() {
            requireReceipt = true
            receiptKeys = keys
        }

        test("the block runs where the receipt is for this very approval") {
            val http = ScriptedHttp().apply { on(Step.RECEIPT, { receipt() }) }
            http.sesame { strict() }.use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
            http.sentTo(Step.RECEIPT) shouldHaveSize 1
        }

        mapOf(
            "denied" to receipt(status = "denied"),
            "for another context" to receipt(hash = "sha256:other"),
            "no receipt" to Reply("""{"receipt": "nonsense"}"""),
            "missing" to problem(404, "not_found"),
        ).forEach { (name, answer) ->
            test("where the receipt is $name, nothing is claimed and nothing runs") {
                val http = ScriptedHttp().apply { on(Step.RECEIPT, { answer }) }
                http.refusal { strict() }.shouldBeInstanceOf<ReceiptVerificationException>()
                http.sentTo(Step.CLAIM).shouldBeEmpty()
            }
        }

        test("without keys the client isn't made") {
            shouldThrow<InvalidRequestException> { ScriptedHttp().sesame { requireReceipt = true } }.fields.keys shouldBe
                setOf("receiptKeys")
        }

        test("where it isn't required, none is asked for; but anybody may get one to keep") {
            val http = ScriptedHttp().apply { on(Step.RECEIPT, { Reply("""{"receipt": "a.b.c"}""") }) }
            http.sesame().use { sesame ->
                sesame.approve(ACTION, context = refundContext) { }
                http.sentTo(Step.RECEIPT).shouldBeEmpty()
                sesame.receipt(ID) shouldBe "a.b.c"
            }
        }
    })
