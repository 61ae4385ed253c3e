package dev.sesame.checks

import dev.sesame.ApprovalStatus
import dev.sesame.Receipt
import dev.sesame.ReceiptKeys
import dev.sesame.ReceiptVerifier
import dev.sesame.Sesame
import java.nio.file.Files
import java.nio.file.Path

// What docs/receipts.md shows of Kotlin, compiled, and run by ReceiptPageTest.

internal fun strictClient(key: String, url: String, jwks: Path): Sesame {
    val sesame = Sesame {
        apiKey = key
        brokerUrl = url
        requireReceipt = true
        receiptKeys = ReceiptKeys.fromJwks(Files.readString(jwks))
    }
    return sesame
}

internal fun verifyExample(jwks: Path, text: String): Receipt {
    val receipt = ReceiptVerifier(ReceiptKeys.fromJwks(Files.readString(jwks))).verify(text)
    check(receipt.status == ApprovalStatus.APPROVED)
    return receipt
}
