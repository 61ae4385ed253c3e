package dev.sesame.testing.internal

import dev.sesame.ApprovalStatus
import dev.sesame.Receipt
import dev.sesame.ReceiptLog
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.Jws
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.asDecided
import dev.sesame.testing.Receipts
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.MessageDigest
import java.util.Base64
import java.util.HexFormat

/** Signs decisions with a key of its own. There is no audit behind it: the place that a receipt names is that among the fake's events. */
@OptIn(InternalSesameApi::class)
internal class ReceiptSigner(private val store: Store) {
    private val own = pair()
    private val stranger by lazy { pair() }
    private val x = base64Url(own.public.encoded.takeLast(KEY_BYTES).toByteArray())
    private val keyId = base64Url(sha256("""{"crv":"Ed25519","kty":"OKP","x":"$x"}"""))

    /** What the test wants of it. */
    @Volatile var kind: Receipts = Receipts.GENUINE

    /** The public half, as the broker serves it. */
    val jwks: JsonObject = buildJsonObject {
        putJsonArray("keys") {
            addJsonObject {
                put("kty", "OKP")
                put("crv", "Ed25519")
                put("kid", keyId)
                put("x", x)
                put("use", "sig")
                put("alg", "EdDSA")
            }
        }
    }

    /** The receipt of [record]; `null` where it is not decided, or there are none. */
    fun of(record: ApprovalRecord): String? {
        if (kind === Receipts.MISSING) return null
        val decision = store.history().firstOrNull { it.record.id == record.id && it.record.status.isTerminal } ?: return null
        val payload = json.encodeToJsonElement(receipt(decision)).jsonObject
        val key = if (kind === Receipts.FOREIGN) stranger else own
        return Jws.sign(TYPE, payload, keyId, key.private)
    }

    private fun receipt(decision: Happened): Receipt {
        val record = decision.record.asDecided()
        val question = record.question
        return Receipt(
            issuer = "urn:sesame:fake:$keyId",
            approvalId = record.id,
            mode = question.mode,
            action = question.action,
            requesterLabel = question.requesterLabel,
            status = if (kind === Receipts.OF_A_DENIAL) ApprovalStatus.DENIED else record.status,
            requestHash = question.requestHash,
            contextHash = record.contextHash,
            votes = record.progress.votes,
            via = record.progress.decision?.via,
            rule = question.rule,
            createdAt = question.createdAt,
            decidedAt = record.progress.decidedAt!!,
            validUntil = record.progress.validUntil,
            log = ReceiptLog(decision.seq, "sha256:" + HexFormat.of().formatHex(sha256("${decision.seq} ${record.id}"))),
        )
    }

    private companion object {
        const val TYPE = "sesame-receipt"
        const val KEY_BYTES = 32
        val json = Json { explicitNulls = false }

        fun pair(): KeyPair = KeyPairGenerator.getInstance(Jws.ALGORITHM).generateKeyPair()

        fun sha256(text: String): ByteArray = MessageDigest.getInstance("SHA-256").digest(text.toByteArray())

        fun base64Url(bytes: ByteArray): String = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
    }
}
