package dev.sesame.broker.notice.push

import dev.sesame.broker.delivery.Received
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.random
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import java.math.BigInteger
import java.security.AlgorithmParameters
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.interfaces.ECPrivateKey
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.security.spec.ECParameterSpec
import java.security.spec.ECPoint
import java.security.spec.ECPrivateKeySpec
import java.security.spec.ECPublicKeySpec
import java.util.Base64
import javax.crypto.Cipher
import javax.crypto.KeyAgreement
import javax.crypto.Mac
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec

/** The part of a browser that has a subscription: it gives out its keys, and alone can read what is sent to them (RFC 8291, RFC 8188). */
internal class UserAgent(
    private val privateKey: ECPrivateKey,
    private val publicKey: ByteArray,
    private val authSecret: ByteArray,
    val endpoint: String,
) {
    val p256dh: String = base64(publicKey)
    val auth: String = base64(authSecret)
    val path: String get() = "/" + endpoint.substringAfter("//").substringAfter('/')

    /** The fields with which its page turns it on. */
    fun fields(id: String = ""): Array<Pair<String, String>> =
        arrayOf("endpoint" to endpoint, "p256dh" to p256dh, "auth" to auth, "id" to id)

    fun read(message: Received): JsonObject = Json.parseToJsonElement(String(decrypt(message.bytes))) as JsonObject

    fun decrypt(body: ByteArray): ByteArray {
        val salt = body.copyOf(16)
        val sender = body.copyOfRange(21, 21 + body[20])
        val agreed = KeyAgreement.getInstance("ECDH").apply {
            init(privateKey)
            doPhase(pointOf(sender), true)
        }.generateSecret()
        val ikm = hkdf(authSecret, agreed, "WebPush: info\u0000".toByteArray() + publicKey + sender, 32)
        val key = hkdf(salt, ikm, "Content-Encoding: aes128gcm\u0000".toByteArray(), 16)
        val nonce = hkdf(salt, ikm, "Content-Encoding: nonce\u0000".toByteArray(), 12)
        val cipher = Cipher.getInstance("AES/GCM/NoPadding").apply {
            init(Cipher.DECRYPT_MODE, SecretKeySpec(key, "AES"), GCMParameterSpec(128, nonce))
        }
        val record = cipher.doFinal(body.copyOfRange(21 + sender.size, body.size))
        val end = record.indexOfLast { it != 0.toByte() }
        check(record[end] == 2.toByte()) { "the one record must be the last" }
        return record.copyOf(end)
    }

    private fun hkdf(salt: ByteArray, input: ByteArray, context: ByteArray, length: Int): ByteArray =
        hmac(hmac(salt, input), context + 1).copyOf(length)

    private fun hmac(key: ByteArray, text: ByteArray): ByteArray =
        Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(key, "HmacSHA256")) }.doFinal(text)

    companion object {
        private val curve: ECParameterSpec = AlgorithmParameters.getInstance("EC")
            .apply { init(ECGenParameterSpec("secp256r1")) }.getParameterSpec(ECParameterSpec::class.java)

        /** A new one, which [service] reaches. */
        fun at(service: String): UserAgent {
            val pair = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
            val point = (pair.public as ECPublicKey).w
            val public = byteArrayOf(4) + fixed(point.affineX) + fixed(point.affineY)
            return UserAgent(pair.private as ECPrivateKey, public, random(16), "$service/push/${ids.bare()}")
        }

        fun of(privateKey: String, publicKey: String, auth: String): UserAgent {
            val private = KeyFactory.getInstance("EC").generatePrivate(ECPrivateKeySpec(BigInteger(1, bytes(privateKey)), curve))
            return UserAgent(
                private as ECPrivateKey,
                bytes(publicKey),
                bytes(auth),
                "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
            )
        }

        fun pointOf(key: ByteArray): ECPublicKey {
            val point = ECPoint(BigInteger(1, key.copyOfRange(1, 33)), BigInteger(1, key.copyOfRange(33, 65)))
            return KeyFactory.getInstance("EC").generatePublic(ECPublicKeySpec(point, curve)) as ECPublicKey
        }

        fun base64(bytes: ByteArray): String = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

        fun bytes(base64: String): ByteArray = Base64.getUrlDecoder().decode(base64)

        private fun fixed(number: BigInteger): ByteArray = number.toByteArray().let {
            if (it.size >
                32
            ) {
                it.copyOfRange(1, 33)
            } else {
                ByteArray(32 - it.size) + it
            }
        }
    }
}
