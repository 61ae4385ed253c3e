package dev.sesame

import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.JsonDepth
import dev.sesame.internal.Jws
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.security.GeneralSecurityException
import java.security.KeyFactory
import java.security.PublicKey
import java.security.spec.X509EncodedKeySpec
import java.util.Base64

/**
 * The public keys of a broker, by which its receipts are known. Take them once over a way that you trust, keep them beside your configuration,
 * and add the new one when the broker's key is rotated.
 */
public class ReceiptKeys private constructor(private val keys: Map<String, PublicKey>) {
    /** The names (`kid`) of the keys. */
    public val ids: Set<String> get() = keys.keys

    /** Whether one of these signed it. */
    @JvmSynthetic
    @InternalSesameApi
    public fun hasSigned(jws: Jws): Boolean = keys[jws.keyId]?.let(jws::isSignedBy) ?: false

    /** For logs. */
    override fun toString(): String = "ReceiptKeys(${ids.joinToString()})"

    /** Where keys come from. */
    public companion object {
        /** What comes before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410). */
        private val X509_PREFIX = byteArrayOf(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)
        private const val KEY_BYTES = 32
        private const val MOST = 100

        /**
         * The Ed25519 keys of a JWK set (RFC 7517, RFC 8037), such as the broker's `/.well-known/jwks.json`; keys of other kinds are passed over.
         * [InvalidRequestException] where there is none among at most 100.
         */
        @JvmStatic
        @OptIn(InternalSesameApi::class)
        public fun fromJwks(json: String): ReceiptKeys {
            val set = (JsonDepth.read(json) as? JsonObject)?.get("keys") as? JsonArray
                ?: throw bad("is no JWK set: an object with a list of \"keys\"")
            if (set.size > MOST) throw bad("holds more than $MOST keys")
            val keys = set.filterIsInstance<JsonObject>().mapNotNull(::key).toMap()
            if (keys.isEmpty()) throw bad("holds no Ed25519 key with a \"kid\"")
            return ReceiptKeys(keys)
        }

        @OptIn(InternalSesameApi::class)
        private fun key(jwk: JsonObject): Pair<String, PublicKey>? {
            fun text(name: String) = (jwk[name] as? JsonPrimitive)?.takeIf { it.isString }?.contentOrNull
            val id = text("kid")
            if (id == null || text("kty") != "OKP" || text("crv") != Jws.ALGORITHM ||
                text("use").let { it != null && it != "sig" }
            ) {
                return null
            }
            return try {
                val bytes = Base64.getUrlDecoder().decode(text("x").orEmpty())
                if (bytes.size != KEY_BYTES) return null
                id to KeyFactory.getInstance(Jws.ALGORITHM).generatePublic(X509EncodedKeySpec(X509_PREFIX + bytes))
            } catch (_: IllegalArgumentException) {
                null
            } catch (_: GeneralSecurityException) {
                null
            }
        }

        private fun bad(rule: String) = InvalidRequestException("this text $rule", mapOf("keys" to rule))
    }
}
