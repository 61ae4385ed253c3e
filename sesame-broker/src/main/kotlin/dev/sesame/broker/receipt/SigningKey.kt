package dev.sesame.broker.receipt

import dev.sesame.broker.access.SecretBox
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.Jws
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.MessageDigest
import java.security.PrivateKey
import java.security.SecureRandom
import java.security.spec.NamedParameterSpec
import java.security.spec.PKCS8EncodedKeySpec
import java.time.Instant
import java.util.Base64

/** An Ed25519 key of the broker's as it is kept: [publicKey] is the base64url of its 32 bytes, [sealed] the private half, gone once revoked. */
internal data class SigningKey(
    val id: String,
    val publicKey: String,
    val sealed: String?,
    val createdAt: Instant,
    val revokedAt: Instant? = null,
) {
    /** The private half; `CannotUnseal` where another key of the secrets is needed. */
    @OptIn(InternalSesameApi::class)
    fun open(box: SecretBox): PrivateKey {
        val clear = box.open(Base64.getDecoder().decode(checkNotNull(sealed) { "$id is revoked" }), ownerOf(id))
        return KeyFactory.getInstance(Jws.ALGORITHM).generatePrivate(PKCS8EncodedKeySpec(clear))
    }

    override fun toString(): String = "SigningKey($id)"

    companion object {
        private const val KEY_BYTES = 32

        /** A new key from [random]; its id is its thumbprint (RFC 7638), the same wherever it is computed. */
        @OptIn(InternalSesameApi::class)
        fun make(random: (Int) -> ByteArray, box: SecretBox, at: Instant): SigningKey {
            val generator = KeyPairGenerator.getInstance(Jws.ALGORITHM)
            generator.initialize(NamedParameterSpec.ED25519, From(random))
            val pair = generator.generateKeyPair()
            val x = base64Url(pair.public.encoded.takeLast(KEY_BYTES).toByteArray())
            val id = base64Url(MessageDigest.getInstance("SHA-256").digest("""{"crv":"Ed25519","kty":"OKP","x":"$x"}""".toByteArray()))
            return SigningKey(id, x, Base64.getEncoder().encodeToString(box.seal(pair.private.encoded, ownerOf(id))), at)
        }

        private fun ownerOf(id: String) = "signing key $id"

        private fun base64Url(bytes: ByteArray) = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
    }

    /** The one source of randomness, in the shape that the JDK asks for. */
    private class From(private val random: (Int) -> ByteArray) : SecureRandom() {
        override fun nextBytes(bytes: ByteArray) {
            random(bytes.size).copyInto(bytes)
        }
    }
}
