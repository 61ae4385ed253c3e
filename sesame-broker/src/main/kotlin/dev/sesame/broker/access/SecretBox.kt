package dev.sesame.broker.access

import java.security.GeneralSecurityException
import java.security.MessageDigest
import javax.crypto.Cipher
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec

/**
 * Secrets as they lie on the disk: AES-256-GCM (NIST SP 800-38D) under one key of the broker. What is sealed: a version, the key's mark,
 * 12 new random bytes, the ciphertext with its tag. The `aad` says whose secret it is; sealed for one, it can't be opened as another's.
 */
internal class SecretBox(key: ByteArray, private val random: (Int) -> ByteArray) {
    init {
        require(key.size == KEY_BYTES) { "the key of the secrets must be $KEY_BYTES bytes long" }
    }

    private val key = SecretKeySpec(key, "AES")
    private val mark = MessageDigest.getInstance("SHA-256").digest("sesame secrets ".toByteArray() + key).copyOf(MARK_BYTES)

    fun seal(clear: ByteArray, aad: String): ByteArray {
        val nonce = random(NONCE_BYTES)
        val header = byteArrayOf(VERSION) + mark + nonce
        return header + cipher(Cipher.ENCRYPT_MODE, nonce, header, aad).doFinal(clear)
    }

    /** What was sealed for [aad]; [CannotUnseal] where it was under another key, for another one, or is damaged. */
    fun open(sealed: ByteArray, aad: String): ByteArray {
        if (sealed.size < HEADER_BYTES + TAG_BITS / Byte.SIZE_BITS || sealed[0] != VERSION) throw damaged(aad)
        val header = sealed.copyOf(HEADER_BYTES)
        if (!header.copyOfRange(1, 1 + MARK_BYTES).contentEquals(mark)) throw otherKey(aad)
        val nonce = header.copyOfRange(1 + MARK_BYTES, HEADER_BYTES)
        return try {
            cipher(Cipher.DECRYPT_MODE, nonce, header, aad).doFinal(sealed, HEADER_BYTES, sealed.size - HEADER_BYTES)
        } catch (_: GeneralSecurityException) {
            throw damaged(aad)
        }
    }

    override fun toString(): String = "SecretBox"

    private fun cipher(mode: Int, nonce: ByteArray, header: ByteArray, aad: String): Cipher {
        val cipher = Cipher.getInstance("AES/GCM/NoPadding")
        cipher.init(mode, key, GCMParameterSpec(TAG_BITS, nonce))
        cipher.updateAAD(header + aad.toByteArray())
        return cipher
    }

    private fun damaged(aad: String) = CannotUnseal("the secret of $aad is damaged in the database: restore a backup, or make a new secret")

    private fun otherKey(aad: String) = CannotUnseal(
        "the secret of $aad was sealed with another key: start with the SESAME_SECRETS_KEY, or the file secrets.key, that did it",
    )

    private companion object {
        const val VERSION: Byte = 1
        const val KEY_BYTES = 32
        const val MARK_BYTES = 4
        const val NONCE_BYTES = 12
        const val TAG_BITS = 128
        const val HEADER_BYTES = 1 + MARK_BYTES + NONCE_BYTES
    }
}

/** A sealed secret can't be read; the message says whose, and what to do. */
internal class CannotUnseal(message: String) : RuntimeException(message)
