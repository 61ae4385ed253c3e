package dev.sesame.broker.audit

import kotlinx.serialization.json.JsonObject

/** All that [VerifyAudit] looks at, as of one moment. */
internal interface AuditReader {
    /** The entries in the order of their numbers; what can't be read of one is said by [UnreadableEntry]. */
    fun entries(): Sequence<AuditEntry>

    /** All approvals that are kept. */
    fun approvals(): Sequence<KeptApproval>

    /** The newest entry that tells of a step of that approval. */
    fun newestStep(approvalId: String): AuditEntry?

    /** Approvals that the audit tells of, that are not kept, and that it doesn't know to be forgotten: at most [limit]. */
    fun missingApprovals(limit: Int): List<String>

    /** Steps of approvals that are kept as events after the event [after], and not told of in the audit as they are there: at most [limit]. */
    fun eventsWithoutEntry(after: Long, limit: Int): List<String>

    /** Steps that the audit tells of, of approvals that are kept, without an event: at most [limit]. */
    fun entriesWithoutEvent(limit: Int): List<Long>

    /** The number of the approval's last event. */
    fun lastEventOf(approvalId: String): Long

    /** What was signed about the audit, oldest first, by the number of the entry. */
    fun checkpoints(): Sequence<Pair<Long, String>>

    /** The public keys that are kept, by their ids, as base64url. */
    fun publicKeys(): Map<String, String>
}

/** An approval as its row holds it. */
internal class KeptApproval(val id: String, val status: String, val version: Int, val question: JsonObject, val progress: JsonObject)

/** An entry whose row can't be understood. */
internal class UnreadableEntry(val seq: Long) : RuntimeException("entry $seq can't be read")
