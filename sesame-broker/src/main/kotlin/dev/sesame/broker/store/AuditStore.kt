package dev.sesame.broker.store

import dev.sesame.broker.audit.AuditEntry
import dev.sesame.broker.audit.Head
import dev.sesame.broker.receipt.SigningKey
import java.time.Instant

/**
 * The audit, read; what is added to it comes with the transactions of the other stores, and only so. And what the broker signs with.
 *
 * Every adapter passes `AuditStoreContract`.
 */
internal interface AuditStore {
    /** Where the chain stands; `null` before its first entry. */
    suspend fun head(): Head?

    /** Entries with numbers above [seq], in their order. */
    suspend fun entriesAfter(seq: Long, limit: Int): List<AuditEntry>

    /** The approval's own entries, in their order. */
    suspend fun entriesOf(approvalId: String, limit: Int): List<AuditEntry>

    /** Keeps what was signed about the entry [seq]; again: no change. */
    suspend fun keepCheckpoint(seq: Long, at: Instant, signed: String)

    /** The newest that was kept. */
    suspend fun newestCheckpoint(): String?

    /** Stores a key; `false` where it is there already, or [first] is set and there is one. */
    suspend fun add(key: SigningKey, first: Boolean): Boolean

    /** All keys, revoked ones too, oldest first. */
    suspend fun signingKeys(): List<SigningKey>

    /** Ends a key and forgets its private half; `false` where there is none, or it is the newest. Again: no change. */
    suspend fun revokeSigningKey(id: String, at: Instant): Boolean
}
