package dev.sesame.broker.delivery

import java.security.MessageDigest
import java.util.HexFormat

/** A secret as it stands on the disk: of no use without the broker's key. */
@JvmInline
internal value class SealedSecret(val text: String) {
    /** Tells this secret from another of the same endpoint, and nothing else about it. */
    val mark: String get() = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.toByteArray())).take(MARK_LENGTH)

    private companion object {
        const val MARK_LENGTH = 32
    }
}
