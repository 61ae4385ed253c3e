package dev.sesame

import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.Jws
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.decodeFromJsonElement

/**
 * Tells whether a receipt comes from who holds one of [keys], and says what the signature covers. It asks nobody. Thread-safe.
 *
 * @param allowTestMode whether receipts of test mode count, which no person gave.
 */
public class ReceiptVerifier @JvmOverloads constructor(private val keys: ReceiptKeys, private val allowTestMode: Boolean = false) {
    /**
     * What the receipt [text] says, as it was signed; [ReceiptVerificationException] where it can't be believed. Any decision has a receipt, a
     * denial too: look at its `status`.
     */
    @OptIn(InternalSesameApi::class)
    public fun verify(text: String): Receipt {
        val jws = Jws.parse(text.trim()) ?: throw ReceiptVerificationException("it is no compact JWS with EdDSA")
        if (jws.type != TYPE) throw ReceiptVerificationException("it is no receipt, but says to be of type ${jws.type?.take(LONGEST_TYPE)}")
        if (!keys.hasSigned(jws)) throw ReceiptVerificationException("none of the keys given signed it")
        val receipt = try {
            json.decodeFromJsonElement<Receipt>(jws.payload)
        } catch (problem: IllegalArgumentException) {
            throw ReceiptVerificationException("it is signed, but not what a receipt says", problem)
        }
        if (receipt.mode == Mode.LIVE || (receipt.mode == Mode.TEST && allowTestMode)) return receipt
        throw ReceiptVerificationException("it is of mode ${receipt.mode}, which is not accepted here")
    }

    /**
     * The same, and that it is the receipt for running [action] with what [contextHash] names: of the approval [approvalId], and approved.
     * [ReceiptVerificationException] where any of it differs.
     */
    public fun verifyApproved(text: String, approvalId: String, action: String, contextHash: String): Receipt {
        val receipt = verify(text)
        val problem = when {
            receipt.approvalId != approvalId -> "it is for another approval, ${receipt.approvalId}"
            receipt.action != action -> "it is for another action, ${receipt.action}"
            receipt.contextHash != contextHash -> "it is for another context"
            receipt.status != ApprovalStatus.APPROVED -> "it says ${receipt.status}"
            else -> return receipt
        }
        throw ReceiptVerificationException("the receipt of $approvalId: $problem")
    }

    /** For logs. */
    override fun toString(): String = "ReceiptVerifier($keys)"

    internal companion object {
        const val TYPE = "sesame-receipt"
        private const val LONGEST_TYPE = 40
        private val json = Json { ignoreUnknownKeys = true }
    }
}
