package dev.sesame.broker.access

import dev.sesame.rules.ApprovalRecord
import java.security.MessageDigest
import java.util.Base64
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** The proof of a claim: an HMAC of (approval, claimant, fence), so that nothing needs to be kept. */
internal class ClaimToken(key: ByteArray) {
    private val key = SecretKeySpec(key, ALGORITHM)

    /** The token of the claim that [record] holds now; `null` where it holds none. */
    fun of(record: ApprovalRecord): String? {
        val claim = record.progress.claim ?: return null
        // Ids and claimants hold no newline: the three parts can't run into each other.
        val signed = "${record.id}\n${claim.claimant}\n${claim.fence}"
        return "ct_" + Base64.getUrlEncoder().withoutPadding().encodeToString(mac().doFinal(signed.toByteArray()))
    }

    /** The fence that [token] proves on [record]; `null` where it proves none. */
    fun fence(record: ApprovalRecord, token: String): Int? {
        val valid = of(record) ?: return null
        return record.progress.claim?.fence.takeIf { MessageDigest.isEqual(valid.toByteArray(), token.toByteArray()) }
    }

    private fun mac(): Mac = Mac.getInstance(ALGORITHM).apply { init(key) }

    companion object {
        private const val ALGORITHM = "HmacSHA256"
    }
}
