package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.Fact
import dev.sesame.broker.audit.Head
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.jdbi.v3.core.Handle
import java.time.Instant

/** Adds [fact] to the audit, in the transaction of what it tells of: where the one can't be kept, neither is the other. */
internal fun Handle.audit(fact: Fact, at: Instant) = journal.add(fact, at) { auditHead() ?: begin(at) }

/** Where the audit stands; `null` before its first entry. What this transaction adds is not in it yet. */
internal fun Handle.auditHead(): Head? = createQuery("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    .map { row, _ -> Head(row.getLong("seq"), row.getString("hash")) }
    .findOne().orElse(null)

/** Whether its audit had come to [head]; if so, all that was written before is in it. */
internal fun Handle.cameTo(head: Head): Boolean =
    createQuery("SELECT hash FROM audit WHERE seq = :seq").bind("seq", head.seq).mapTo(String::class.java).findOne().orElse(null) ==
        head.hash

/** The first entry says which events were there before it, and so are not covered. */
private fun Handle.begin(at: Instant): Head {
    val before = createQuery("SELECT coalesce(max(seq), 0) FROM events").mapTo(Long::class.javaObjectType).one()
    journal.add(Fact(Fact.BEGAN, buildJsonObject { put("events_before", before) }), at) { Head.NONE }
    return checkNotNull(journal.head)
}
