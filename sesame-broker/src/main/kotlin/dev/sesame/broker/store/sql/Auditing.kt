package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.AuditEntry
import dev.sesame.broker.audit.Fact
import dev.sesame.broker.audit.Head
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.jdbi.v3.core.Handle
import java.time.Instant

/**
 * Adds [fact] to the audit, in the transaction of what it tells of: where the one can't be kept, neither is the other. For engines with one
 * writer, whose transactions come one after the other.
 */
internal fun Handle.audit(fact: Fact, at: Instant) {
    append((auditHead() ?: begin(at)).next(fact, at))
}

/** Where the audit stands; `null` before its first entry. */
internal fun Handle.auditHead(): Head? = createQuery("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    .map { row, _ -> Head(row.getLong("seq"), row.getString("hash")) }
    .findOne().orElse(null)

/** The first entry says which events were there before it, and so are not covered. */
private fun Handle.begin(at: Instant): Head {
    val before = createQuery("SELECT coalesce(max(seq), 0) FROM events").mapTo(Long::class.javaObjectType).one()
    val first = Head.NONE.next(Fact(Fact.BEGAN, buildJsonObject { put("events_before", before) }), at)
    append(first)
    return first.head
}

private fun Handle.append(entry: AuditEntry) {
    createUpdate(
        "INSERT INTO audit (seq, at, fact, approval_id, version, details, hash) " +
            "VALUES (:seq, :at, :fact, :approval, :version, :details, :hash)",
    )
        .bind("seq", entry.seq)
        .bind("at", entry.at.toEpochMilli())
        .bind("fact", entry.fact.name)
        .bind("approval", entry.fact.approvalId)
        .bind("version", entry.fact.version)
        .bind("details", entry.fact.details.toString())
        .bind("hash", entry.hash)
        .execute()
}
