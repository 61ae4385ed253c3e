package dev.sesame.internal

import java.util.concurrent.atomic.AtomicReferenceArray
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** A key for HMAC-SHA256. A `Mac` costs as much to make as to use, so a few are kept; threads, virtual ones too, share them. */
internal class HmacKey(bytes: ByteArray) {
    private val key = SecretKeySpec(bytes, ALGORITHM)
    private val idle = AtomicReferenceArray<Mac>(SLOTS)

    /** The MAC of the three parts in a row. */
    fun sign(before: ByteArray, body: ByteArray, after: ByteArray): ByteArray {
        val slot = Thread.currentThread().hashCode() and (SLOTS - 1)
        val mac = idle.getAndSet(slot, null) ?: Mac.getInstance(ALGORITHM).apply { init(key) }
        mac.update(before)
        mac.update(body)
        if (after.isNotEmpty()) mac.update(after)
        val code = mac.doFinal()
        idle.setRelease(slot, mac)
        return code
    }

    private companion object {
        const val ALGORITHM = "HmacSHA256"

        /** A power of two, and more than threads that sign at one moment: who finds its slot empty makes another. */
        const val SLOTS = 32
    }
}
