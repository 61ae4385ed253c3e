package dev.sesame.broker.receipt

import dev.sesame.ApprovalStatus
import dev.sesame.ReceiptKeys
import dev.sesame.ReceiptVerificationException
import dev.sesame.ReceiptVerifier
import dev.sesame.broker.http.WiredBroker
import dev.sesame.broker.http.call
import dev.sesame.broker.http.get
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import org.jose4j.jwa.AlgorithmConstraints
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType
import org.jose4j.jwk.JsonWebKeySet
import org.jose4j.jws.AlgorithmIdentifiers
import org.jose4j.jws.JsonWebSignature
import org.jose4j.lang.JoseException

class ReceiptHttpTest :
    FunSpec({
        val broker = autoClose(WiredBroker())

        fun jwks() = broker.nobody.call("GET /.well-known/jwks.json").text

        fun receipt(id: String) = broker.admin.call("GET /v1/approvals/{id}/receipt", id = id)["receipt"]

        fun verifier() = ReceiptVerifier(ReceiptKeys.fromJwks(jwks()))

        test("an approval's receipt says who approved exactly what and when, the same each time, and holds nothing of the context") {
            val requester = broker.requester()
            val ada = broker.approver()
            val asked = requester.ask("context" to mapOf("order" to "A-1001"), "reason" to "twice charged")
            val id = asked["approval_id"]
            requester.http.call("GET /v1/approvals/{id}/receipt", id = id).status shouldBe 404
            ada.approve(id)
            val signed = receipt(id)
            requester.http.call("GET /v1/approvals/{id}/receipt", id = id)["receipt"] shouldBe signed

            val receipt = verifier().verifyApproved(signed, id, "payments.refund", asked["context_hash"])
            receipt.votes.single().by.id shouldBe ada.id
            receipt.votes.single().via shouldBe "api"
            receipt.requesterLabel shouldBe requester.name
            receipt.decidedAt.toString() shouldBe requester.read(id).text("decided_at")
            receipt.issuer shouldStartWith "urn:sesame:audit:"
            val entry = broker.admin.call("GET /v1/admin/audit", query = "?after=${receipt.log.index - 1}&limit=1").list("entries").single()
            entry["hash"].toString() shouldContain receipt.log.head
            payload(signed, jwks()).toString().let {
                it shouldNotContain "A-1001"
                it shouldNotContain "twice"
            }
        }

        test("another JOSE library believes it, and not one that was changed") {
            val id = broker.requester().asked().also { broker.approver().approve(it) }
            val signed = receipt(id)
            payload(signed, jwks()).jsonObject["approval_id"].toString() shouldContain id
            val (header, payload, signature) = signed.split('.')
            shouldThrow<JoseException> { payload("$header.${payload.dropLast(4)}AAAA.$signature", jwks()) }
            shouldThrow<ReceiptVerificationException> { verifier().verify("$header.${payload.dropLast(4)}AAAA.$signature") }
        }

        test("a denial, an expiry and a withdrawal have receipts, too, and none of them passes for a yes") {
            val requester = broker.requester()
            val denied = requester.asked().also { broker.approver().decide(it, "deny") }
            val withdrawn = requester.asked().also { requester.http.post("/v1/approvals/$it/cancel") }
            val expired = requester.asked("expires_in" to 60)
            broker.clock.moveSeconds(61)
            requester.read(expired).text("status") shouldBe "expired"
            val ended = mapOf(denied to ApprovalStatus.DENIED, withdrawn to ApprovalStatus.CANCELLED, expired to ApprovalStatus.EXPIRED)
            ended.forEach { (id, status) ->
                val signed = receipt(id)
                val told = verifier().verify(signed)
                told.status shouldBe status
                shouldThrow<ReceiptVerificationException> { verifier().verifyApproved(signed, id, told.action, told.contextHash) }
            }
        }

        test("what the policy permitted names its rule, and nobody as having voted") {
            val policy = "version: 1\nrules: [{name: small ones, action: reports.send, effect: permit}]"
            broker.admin.post("/v1/admin/policies", "text" to policy).status shouldBe 201
            val told = verifier().verify(receipt(broker.requester().asked("action" to "reports.send")))
            listOf(told.status, told.via, told.rule, told.votes.size) shouldBe listOf(ApprovalStatus.APPROVED, "policy", "small ones", 0)
        }

        test("a run doesn't change the receipt") {
            val requester = broker.requester()
            val asked = requester.ask()
            val id = asked["approval_id"].also { broker.approver().approve(it) }
            val before = receipt(id)
            val claim = arrayOf("claimant" to "c".repeat(22), "context_hash" to asked["context_hash"])
            requester.http.post("/v1/approvals/$id/claim", *claim).status shouldBe 200
            receipt(id) shouldBe before
        }

        test("after a rotation what was signed stays good, and reads the same; after a revocation another key signs it") {
            val id = broker.requester().asked().also { broker.approver().approve(it) }
            val before = receipt(id)
            val old = broker.admin.call("GET /v1/admin/signing-keys").list("signing_keys").last().getValue("id").toString().trim('"')
            broker.admin.call("POST /v1/admin/signing-keys/{id}/revoke", id = old).status shouldBe 404
            broker.clock.moveSeconds(1)
            broker.admin.call("POST /v1/admin/signing-keys").status shouldBe 201
            receipt(id) shouldBe before
            verifier().verify(before).approvalId shouldBe id

            broker.admin.call("POST /v1/admin/signing-keys/{id}/revoke", id = old)["id"] shouldBe old
            shouldThrow<ReceiptVerificationException> { verifier().verify(before) }
            receipt(id) shouldNotBe before
            verifier().verify(receipt(id)).approvalId shouldBe id
        }

        test("what was changed behind the broker's back is not signed") {
            val id = broker.requester().asked().also { broker.approver().decide(it, "deny") }
            broker.tamper("UPDATE approvals SET progress = replace(progress, '\"denied\"', '\"approved\"') WHERE id = '$id'")
            broker.admin.call("GET /v1/approvals/{id}", id = id)["status"] shouldBe "approved"
            broker.admin.call("GET /v1/approvals/{id}/receipt", id = id).status shouldBe 500
            val other = broker.requester().asked().also { broker.approver().approve(it) }
            broker.tamper("UPDATE approvals SET question = replace(question, 'payments.refund', 'payments.rob') WHERE id = '$other'")
            broker.admin.call("GET /v1/approvals/{id}/receipt", id = other).status shouldBe 500
        }
    })

/** What another library makes of the receipt; it throws where it doesn't believe it. */
private fun payload(signed: String, jwks: String): JsonObject {
    val jws = JsonWebSignature()
    jws.setAlgorithmConstraints(
        AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA),
    )
    jws.compactSerialization = signed
    jws.key = JsonWebKeySet(jwks).findJsonWebKey(jws.keyIdHeaderValue, null, null, null).key
    return Json.parseToJsonElement(jws.payload ?: throw JoseException("not signed")).jsonObject
}
