package dev.sesame.broker.access

import java.security.MessageDigest
import java.util.Base64
import java.util.HexFormat

/** A credential in clear: shown once, kept only as [hash] and [lastFour]. It never prints itself. */
internal class Secret(val clear: String) {
    /** 256 random bits need no salt and no slow hash. */
    val hash: String get() = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(clear.toByteArray()))

    val lastFour: String get() = clear.takeLast(4)

    override fun toString(): String = "…$lastFour"

    companion object {
        const val LIVE_KEY = "sk_live_"
        const val TEST_KEY = "sk_test_"
        const val APPROVER_TOKEN = "at_"

        /** What keys made here add, so that the SDK never sends one to the hosted broker. */
        const val SELF_HOSTED = "sh_"
        private const val BYTES = 32

        /** A new one, with 256 bits from [random]. */
        fun make(prefix: String, random: (Int) -> ByteArray): Secret =
            Secret(prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random(BYTES)))
    }
}
