package dev.sesame.broker.hostility

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.passkey.CreationAnswer
import dev.sesame.broker.access.passkey.Passkey
import dev.sesame.broker.access.passkey.PasskeyPlace
import dev.sesame.broker.access.passkey.Proof
import dev.sesame.broker.access.passkey.RequestAnswer
import dev.sesame.broker.access.passkey.SoftwareAuthenticator
import dev.sesame.broker.access.passkey.WebAuthn
import dev.sesame.hostile.Cases
import dev.sesame.hostile.spoiled
import dev.sesame.hostile.spoiledJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.time.Instant
import java.util.Base64
import kotlin.random.Random

private const val ORIGIN = "https://sesame.example"
private val noon = Instant.parse("2026-11-20T12:00:00Z")
private val parts = listOf("clientDataJSON", "attestationObject", "authenticatorData", "signature")

/** What browsers send of passkeys, spoiled in its JSON and in the bytes within. */
class HostilePasskeysTest :
    FunSpec({
        val web = WebAuthn(PasskeyPlace("sesame.example", ORIGIN))
        val device = SoftwareAuthenticator(ORIGIN)
        val challenge = ByteArray(32) { it.toByte() }
        val approver = Approver("pe_1", "Ada", Role.APPROVER, "hash", "abcd", noon, null)
        val created = device.create(asked(web.creation(challenge, approver, emptyList())))
        val added = web.added(CreationAnswer.read(created).shouldNotBeNull(), approver, emptyList()).shouldNotBeNull()
        val passkey = Passkey(
            "pk_1", approver.id, added.credentialId, added.publicKey, "sesame.example", "phone", added.signatureCount, added.transports,
            added.isBackupEligible, added.isBackedUp, noon,
        )
        val signed = device.get(asked(web.request(challenge, listOf(passkey))))

        test("what a browser made is a passkey or none, and never more than that") {
            Cases(250).each({ it.spoiledAnswer(created) }) { json ->
                CreationAnswer.read(json)?.let {
                    it.challenge
                    it.transports
                    web.added(it, approver, emptyList())
                }
            }
        }

        test("what a passkey signed holds as it was signed, and in no other way") {
            val honest = RequestAnswer.read(signed).shouldNotBeNull()
            web.proof(honest, passkey).shouldBeInstanceOf<Proof.Holds>()
            Cases(400).each({ it.spoiledAnswer(signed) }) { json ->
                val answer = RequestAnswer.read(json)
                if (answer != null && web.proof(answer, passkey) is Proof.Holds) {
                    answer.credentialId shouldBe honest.credentialId
                    answer.credential.response.clientDataJSON shouldBe honest.credential.response.clientDataJSON
                    answer.credential.response.authenticatorData shouldBe honest.credential.response.authenticatorData
                }
            }
        }

        test("lists within lists, as many as an answer has room for, are no passkey") {
            val deep = Base64.getUrlEncoder().withoutPadding().encodeToString(ByteArray(11_000) { 0x81.toByte() })
            val honest = Json.parseToJsonElement(created).jsonObject.getValue("response").jsonObject
            val attested = honest.getValue("attestationObject").jsonPrimitive.content
            CreationAnswer.read(created.replace(attested, deep)) shouldBe null
            CreationAnswer.read("[".repeat(16_000)) shouldBe null
            RequestAnswer.read("{\"response\":".repeat(1_400)) shouldBe null
        }
    })

private fun asked(json: String) = Json.parseToJsonElement(json).jsonObject

/** Spoiled as JSON, or in the bytes of one of its parts. */
private fun Random.spoiledAnswer(json: String): String {
    if (nextInt(3) == 0) return spoiledJson(json)
    val response = asked(json).getValue("response").jsonObject
    val text = response.getValue(parts.filter { it in response }.random(this)).jsonPrimitive.content
    val bytes = spoiled(Base64.getUrlDecoder().decode(text))
    return json.replace(text, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
}
