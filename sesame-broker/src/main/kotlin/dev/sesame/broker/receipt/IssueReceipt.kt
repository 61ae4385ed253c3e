package dev.sesame.broker.receipt

import dev.sesame.Receipt
import dev.sesame.ReceiptLog
import dev.sesame.broker.audit.AuditEntry
import dev.sesame.broker.audit.BrokerName
import dev.sesame.broker.store.AuditStore
import dev.sesame.internal.InternalSesameApi
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.asDecided
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonObject

/** Signs what was decided, for whoever wants to prove it. The same decision gives the same receipt each time. */
internal class IssueReceipt(private val audit: AuditStore, private val keys: SigningKeys, private val name: BrokerName) {
    /**
     * The receipt of [record]; `null` where it is not decided, or was before there was an audit. What the audit knows otherwise is not signed:
     * [AuditDisagrees].
     */
    suspend fun of(record: ApprovalRecord): String? {
        val decidedAt = record.progress.decidedAt ?: return null
        val entries = audit.entriesOf(record.id, MOST_BEFORE_DECISION)
        if (entries.isEmpty()) return null
        // The first one with the status that ended it: what comes later tells of the run.
        val entry = entries.firstOrNull { it.detail("status") == record.status.value }
        if (entry == null || !entry.tellsOf(record)) throw AuditDisagrees(record.id)
        val payload = json.encodeToJsonElement(receipt(record.asDecided(), entry, name.get())).jsonObject
        return keys.sign(TYPE, payload, decidedAt)
    }

    private fun AuditEntry.tellsOf(record: ApprovalRecord) = detail("context_hash") == record.contextHash &&
        detail("request_hash") == record.question.requestHash && detail("action") == record.question.action &&
        detail("mode") == record.question.mode.value

    private fun AuditEntry.detail(name: String): String? = (fact.details[name] as? JsonPrimitive)?.contentOrNull

    @OptIn(InternalSesameApi::class)
    private fun receipt(record: ApprovalRecord, entry: AuditEntry, issuer: String) = Receipt(
        issuer = issuer,
        approvalId = record.id,
        mode = record.question.mode,
        action = record.question.action,
        requesterLabel = record.question.requesterLabel,
        status = record.status,
        requestHash = record.question.requestHash,
        contextHash = record.contextHash,
        votes = record.progress.votes,
        via = record.progress.decision?.via,
        rule = record.question.rule,
        createdAt = record.question.createdAt,
        decidedAt = record.progress.decidedAt!!,
        validUntil = record.progress.validUntil,
        log = ReceiptLog(entry.seq, entry.hash),
    )

    private companion object {
        const val TYPE = "sesame-receipt"

        /** One for the question, one for each vote and each change of its time: far fewer. */
        const val MOST_BEFORE_DECISION = 1_000
        val json = Json { explicitNulls = false }
    }
}

/** The audit doesn't tell what the approval says of itself: somebody changed one of them. Nothing is signed. */
internal class AuditDisagrees(id: String) :
    RuntimeException("the audit knows something else of $id than it says: run \"sesame audit verify\"")
