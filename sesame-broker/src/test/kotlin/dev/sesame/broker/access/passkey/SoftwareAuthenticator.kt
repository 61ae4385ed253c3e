package dev.sesame.broker.access.passkey

import dev.sesame.broker.json
import dev.sesame.broker.store.random
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.math.BigInteger
import java.nio.ByteBuffer
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.MessageDigest
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.Base64

/** A browser with a device that holds one passkey (ES256), in the JDK's own crypto; it does as it is told, the wrong too. */
internal class SoftwareAuthenticator(private val origin: String, private val keys: KeyPair = p256()) {
    val credentialId: ByteArray = random(32)
    private var userHandle = ByteArray(0)

    /** What it says of itself from now on. */
    var flags = PRESENT or VERIFIED
    var count = 0
    var says = Says(origin)

    /** Spoils what it made before it is sent. */
    var spoil: (ByteArray) -> ByteArray = { it }

    /** Told to keep somebody else's. */
    fun claimsToBe(approverId: String) {
        userHandle = approverId.toByteArray()
    }

    /** Answers what `navigator.credentials.create` is asked, as its JSON. */
    fun create(asked: JsonObject, format: String = "none"): String {
        val options = asked.child("publicKey")
        userHandle = decoded(options.child("user").text("id"))
        val clientJson = client("webauthn.create", options.text("challenge"))
        val key = ByteBuffer.allocate(18 + credentialId.size).put(ByteArray(16)).putShort(credentialId.size.toShort()).put(credentialId)
        val bytes = authenticator(options.child("rp").text("id"), flags or ATTESTED) + key.array() + cbor(cose())
        val attestation = cbor(linkedMapOf("fmt" to format, "attStmt" to emptyMap<String, Any>(), "authData" to spoil(bytes)))
        return answer("clientDataJSON" to clientJson, "attestationObject" to attestation, transports = listOf("internal", "hybrid"))
    }

    /** Answers what `navigator.credentials.get` is asked, as its JSON. */
    fun get(asked: JsonObject): String {
        val options = asked.child("publicKey")
        val clientJson = client("webauthn.get", options.text("challenge"))
        val bytes = authenticator(says.rpId ?: options.text("rpId"), flags)
        val signature = Signature.getInstance("SHA256withECDSA").run {
            initSign(keys.private)
            update(bytes + sha256(clientJson))
            sign()
        }
        val handle = if (says.isSilentOfPerson) emptyArray() else arrayOf("userHandle" to userHandle)
        return answer("clientDataJSON" to clientJson, "authenticatorData" to bytes, "signature" to spoil(signature), *handle)
    }

    private fun client(type: String, challenge: String): ByteArray =
        json("type" to (says.type ?: type), "challenge" to (says.challenge ?: challenge), "origin" to says.origin).toString().toByteArray()

    private fun authenticator(rpId: String, flags: Int): ByteArray =
        ByteBuffer.allocate(37).put(sha256((says.rpId ?: rpId).toByteArray())).put(flags.toByte()).putInt(count).array()

    private fun cose(): Map<Any, Any> = (keys.public as ECPublicKey).w.let { point ->
        linkedMapOf(1 to 2, 3 to -7, -1 to 1, -2 to point.affineX.in32(), -3 to point.affineY.in32())
    }

    private fun answer(vararg response: Pair<String, ByteArray>, transports: List<String>? = null): String = json(
        "id" to encoded(credentialId),
        "rawId" to encoded(credentialId),
        "type" to "public-key",
        "clientExtensionResults" to JsonObject(emptyMap()),
        "response" to mapOf(*response).mapValues { encoded(it.value) } + (transports?.let { mapOf("transports" to it) } ?: emptyMap()),
    ).toString()

    /** What may be said otherwise than it is. */
    internal data class Says(
        val origin: String,
        val rpId: String? = null,
        val type: String? = null,
        val challenge: String? = null,
        val isSilentOfPerson: Boolean = false,
    )

    companion object {
        const val PRESENT = 0x01
        const val VERIFIED = 0x04
        const val BACKUP_ELIGIBLE = 0x08
        const val BACKED_UP = 0x10
        private const val ATTESTED = 0x40

        private fun p256(): KeyPair = KeyPairGenerator.getInstance("EC").apply {
            initialize(ECGenParameterSpec("secp256r1"))
        }.generateKeyPair()

        private fun sha256(bytes: ByteArray) = MessageDigest.getInstance("SHA-256").digest(bytes)

        private fun BigInteger.in32() = toByteArray().takeLast(32).toByteArray().let { ByteArray(32 - it.size) + it }

        private fun encoded(bytes: ByteArray) = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

        private fun decoded(text: String) = Base64.getUrlDecoder().decode(text)
    }
}

internal fun JsonObject.child(name: String): JsonObject = getValue(name).jsonObject

internal fun JsonObject.text(name: String): String = (getValue(name) as JsonPrimitive).content
