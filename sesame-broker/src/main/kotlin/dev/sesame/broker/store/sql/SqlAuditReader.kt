package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.AuditEntry
import dev.sesame.broker.audit.AuditReader
import dev.sesame.broker.audit.Fact
import dev.sesame.broker.audit.KeptApproval
import dev.sesame.broker.audit.UnreadableEntry
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet

/** Reads over [handle], within the one transaction that it is in: a running broker's writes don't move what is looked at. */
internal class SqlAuditReader(private val handle: Handle) : AuditReader {
    override fun entries(): Sequence<AuditEntry> = pages(0L, { it.seq }) { after ->
        handle.createQuery("SELECT * FROM audit WHERE seq > :after ORDER BY seq LIMIT $PAGE").bind("after", after).map(::readable).list()
    }

    override fun approvals(): Sequence<KeptApproval> = pages("", { it.id }) { after ->
        handle.createQuery("SELECT id, status, version, question, progress FROM approvals WHERE id > :after ORDER BY id LIMIT $PAGE")
            .bind("after", after)
            .map(::kept).list()
    }

    override fun newestStep(approvalId: String): AuditEntry? =
        handle.createQuery("SELECT * FROM audit WHERE approval_id = :id AND version IS NOT NULL ORDER BY seq DESC LIMIT 1")
            .bind("id", approvalId)
            .map(::readable).findOne().orElse(null)

    override fun missingApprovals(limit: Int): List<String> = handle.createQuery(
        "SELECT DISTINCT a.approval_id FROM audit AS a WHERE a.version IS NOT NULL " +
            "AND NOT EXISTS (SELECT 1 FROM approvals AS p WHERE p.id = a.approval_id) " +
            "AND NOT EXISTS (SELECT 1 FROM audit AS f WHERE f.approval_id = a.approval_id AND f.fact = '${Fact.FORGOTTEN}') LIMIT :limit",
    ).bind("limit", limit).mapTo(String::class.java).list()

    override fun eventsWithoutEntry(after: Long, limit: Int): List<String> = handle.createQuery(
        "SELECT e.event || ' of ' || e.approval_id FROM events AS e WHERE e.seq > :after AND NOT EXISTS (SELECT 1 FROM audit AS a " +
            "WHERE a.approval_id = e.approval_id AND a.version = e.version AND a.fact = 'approval.' || e.event AND a.at = e.at) LIMIT :limit",
    ).bind("after", after).bind("limit", limit).mapTo(String::class.java).list()

    override fun entriesWithoutEvent(limit: Int): List<Long> = handle.createQuery(
        "SELECT a.seq FROM audit AS a JOIN approvals AS p ON p.id = a.approval_id WHERE a.version IS NOT NULL " +
            "AND NOT EXISTS (SELECT 1 FROM events AS e WHERE e.approval_id = a.approval_id AND e.version = a.version) LIMIT :limit",
    ).bind("limit", limit).mapTo(Long::class.javaObjectType).list()

    override fun lastEventOf(approvalId: String): Long =
        handle.createQuery("SELECT coalesce(max(seq), 0) FROM events WHERE approval_id = :id")
            .bind("id", approvalId)
            .mapTo(Long::class.javaObjectType).one()

    override fun checkpoints(): Sequence<Pair<Long, String>> = pages(0L, { it.first }) { after ->
        handle.createQuery("SELECT seq, signed FROM checkpoints WHERE seq > :after ORDER BY seq LIMIT $PAGE").bind("after", after)
            .map { row, _ -> row.getLong("seq") to row.getString("signed") }.list()
    }

    override fun publicKeys(): Map<String, String> = handle.createQuery("SELECT id, public_key FROM signing_keys WHERE revoked_at IS NULL")
        .map { row, _ -> row.getString("id") to row.getString("public_key") }.list().toMap()

    private fun <T, K> pages(first: K, keyOf: (T) -> K, page: (K) -> List<T>): Sequence<T> =
        generateSequence({ page(first) }) { if (it.size < PAGE) null else page(keyOf(it.last())) }.flatten()

    private companion object {
        const val PAGE = 1_000

        fun readable(row: ResultSet, context: StatementContext): AuditEntry = try {
            auditEntry(row, context)
        } catch (_: IllegalArgumentException) { // no JSON, no object
            throw UnreadableEntry(row.getLong("seq"))
        }

        fun kept(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = KeptApproval(
            row.getString("id"),
            row.getString("status"),
            row.getInt("version"),
            json(row.getString("question")),
            json(row.getString("progress")),
        )

        /** What isn't JSON any more is not as anybody left it. */
        fun json(text: String): JsonObject = try {
            Json.parseToJsonElement(text).jsonObject
        } catch (_: IllegalArgumentException) {
            JsonObject(emptyMap())
        }
    }
}
