package dev.sesame.internal

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.put
import java.security.GeneralSecurityException
import java.security.PrivateKey
import java.security.PublicKey
import java.security.Signature
import java.util.Base64

/**
 * A compact JWS (RFC 7515) signed with Ed25519 (RFC 8037): three texts of base64url with dots between. Only `EdDSA` is known here, so that no
 * header chooses a weaker check.
 */
@InternalSesameApi
public class Jws private constructor(
    /** What kind of statement it is. */
    public val type: String?,
    /** Which key signed it. */
    public val keyId: String?,
    /** What it says; worth nothing before [isSignedBy]. */
    public val payload: JsonObject,
    private val signed: String,
    private val signature: ByteArray,
) {
    /** Whether the private half of [key] signed this, as it stands. */
    public fun isSignedBy(key: PublicKey): Boolean = try {
        Signature.getInstance(ALGORITHM).run {
            initVerify(key)
            update(signed.toByteArray())
            verify(signature)
        }
    } catch (_: GeneralSecurityException) {
        false
    }

    /** Where these come from. */
    public companion object {
        /** The JDK's name for the signature and its keys. */
        public const val ALGORITHM: String = "Ed25519"
        private const val SIGNATURE_BYTES = 64
        private const val LONGEST = 32 * 1024
        private val encoder = Base64.getUrlEncoder().withoutPadding()
        private val decoder = Base64.getUrlDecoder()

        /** [payload] as a statement of kind [type], signed with [key], whose name is [keyId]. */
        public fun sign(type: String, payload: JsonObject, keyId: String, key: PrivateKey): String {
            val header = buildJsonObject {
                put("alg", "EdDSA")
                put("kid", keyId)
                put("typ", type)
            }
            val text =
                encoder.encodeToString(header.toString().toByteArray()) + "." + encoder.encodeToString(payload.toString().toByteArray())
            val signature = Signature.getInstance(ALGORITHM).run {
                initSign(key)
                update(text.toByteArray())
                sign()
            }
            return text + "." + encoder.encodeToString(signature)
        }

        /** The parts of [text]; `null` where it is no such statement. */
        public fun parse(text: String): Jws? {
            if (text.length > LONGEST) return null
            val parts = text.split('.')
            if (parts.size != 3) return null
            return try {
                val header = parts[0].json()
                val signature = decoder.decode(parts[2])
                if (header.text("alg") != "EdDSA" || "crit" in header || signature.size != SIGNATURE_BYTES) return null
                // The last character has bits to spare: one signature, one text.
                if (encoder.encodeToString(signature) != parts[2]) return null
                Jws(header.text("typ"), header.text("kid"), parts[1].json(), "${parts[0]}.${parts[1]}", signature)
            } catch (_: IllegalArgumentException) { // no base64, no JSON, no object
                null
            }
        }

        private fun String.json(): JsonObject =
            JsonDepth.read(String(decoder.decode(this))) as? JsonObject ?: throw IllegalArgumentException("no object of JSON")

        private fun JsonObject.text(name: String): String? = (get(name) as? JsonPrimitive)?.takeIf { it.isString }?.contentOrNull
    }
}
