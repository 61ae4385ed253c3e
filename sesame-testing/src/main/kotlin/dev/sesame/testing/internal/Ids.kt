package dev.sesame.testing.internal

import java.security.SecureRandom
import java.util.Base64

/** Makes ids and credentials of the contract's form. */
internal class Ids(private val random: SecureRandom = SecureRandom()) {
    fun approval(): String = make(APPROVAL)

    fun requester(): String = make("rq_")

    fun person(): String = make("pe_")

    fun delivery(): String = make("wh_")

    fun request(): String = make("req_")

    /** [prefix] and 256 random bits. */
    fun secret(prefix: String): String = prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES))

    private fun make(prefix: String): String = prefix + String(CharArray(LENGTH) { ALPHABET[random.nextInt(ALPHABET.length)] })

    private fun bytes(count: Int) = ByteArray(count).also(random::nextBytes)

    companion object {
        private const val APPROVAL = "ap_"
        private const val ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
        private const val LENGTH = 26
        private const val SECRET_BYTES = 32

        /** Whether [text] can be an approval's id; anything else is as unknown as an unknown one. */
        fun isApproval(text: String): Boolean =
            text.length == APPROVAL.length + LENGTH && text.startsWith(APPROVAL) && text.drop(APPROVAL.length).all { it in ALPHABET }
    }
}
