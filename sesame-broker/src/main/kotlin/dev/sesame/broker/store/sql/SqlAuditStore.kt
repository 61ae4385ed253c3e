package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.AuditEntry
import dev.sesame.broker.audit.Fact
import dev.sesame.broker.audit.Head
import dev.sesame.broker.receipt.SigningKey
import dev.sesame.broker.store.AuditStore
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** The audit in SQL, and the keys that sign it. */
internal class SqlAuditStore(private val database: SqlDatabase) : AuditStore {
    override suspend fun head(): Head? = database.read { it.auditHead() }

    override suspend fun entriesAfter(seq: Long, limit: Int): List<AuditEntry> = database.read { it.auditAfter(seq, limit) }

    override suspend fun entriesOf(approvalId: String, limit: Int): List<AuditEntry> = database.read {
        it.createQuery("SELECT * FROM audit WHERE approval_id = :id ORDER BY seq LIMIT :limit")
            .bind("id", approvalId)
            .bind("limit", limit)
            .map(::auditEntry).list()
    }

    override suspend fun keepCheckpoint(seq: Long, at: Instant, signed: String) = database.write {
        it.createUpdate("INSERT INTO checkpoints (seq, at, signed) VALUES (:seq, :at, :signed) ON CONFLICT DO NOTHING")
            .bind("seq", seq)
            .bind("at", at.toEpochMilli())
            .bind("signed", signed)
            .execute()
        Unit
    }

    override suspend fun newestCheckpoint(): String? = database.read {
        it.createQuery("SELECT signed FROM checkpoints ORDER BY seq DESC LIMIT 1").mapTo(String::class.java).findOne().orElse(null)
    }

    override suspend fun add(key: SigningKey, first: Boolean): Boolean = database.write { handle ->
        val isNew = handle.createUpdate(
            "INSERT INTO signing_keys (id, public_key, sealed, created_at) SELECT :id, :public, :sealed, :at " +
                "WHERE NOT (:first AND EXISTS (SELECT 1 FROM signing_keys)) ON CONFLICT DO NOTHING",
        )
            .bind("id", key.id)
            .bind("public", key.publicKey)
            .bind("sealed", key.sealed)
            .bind("at", key.createdAt.toEpochMilli())
            .bind("first", first)
            .execute() == 1
        if (isNew) handle.audit(fact("signing_key.made", key.id), key.createdAt)
        isNew
    }

    override suspend fun signingKeys(): List<SigningKey> =
        database.read { it.createQuery("SELECT * FROM signing_keys ORDER BY created_at, id").map(::signingKey).list() }

    override suspend fun revokeSigningKey(id: String, at: Instant): Boolean = database.write { handle ->
        val keys = handle.createQuery("SELECT * FROM signing_keys ORDER BY created_at, id").map(::signingKey).list()
        val key = keys.dropLast(1).firstOrNull { it.id == id } ?: return@write false
        if (key.revokedAt == null) {
            handle.createUpdate("UPDATE signing_keys SET revoked_at = :at, sealed = NULL WHERE id = :id")
                .bind("id", id)
                .bind("at", at.toEpochMilli())
                .execute()
            handle.audit(fact("signing_key.revoked", id), at)
        }
        true
    }

    private fun fact(name: String, keyId: String) = Fact(name, buildJsonObject { put("signing_key_id", keyId) })
}

/** Entries with numbers above [seq], in their order. */
internal fun Handle.auditAfter(seq: Long, limit: Int): List<AuditEntry> = createQuery(
    "SELECT * FROM audit WHERE seq > :seq ORDER BY seq LIMIT :limit",
).bind("seq", seq).bind("limit", limit).map(::auditEntry).list()

internal fun auditEntry(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext): AuditEntry = AuditEntry(
    row.getLong("seq"),
    row.instant("at")!!,
    Fact(
        row.getString("fact"),
        Json.parseToJsonElement(row.getString("details")).jsonObject,
        row.getString("approval_id"),
        row.getInt("version").takeUnless { row.wasNull() },
    ),
    row.getString("hash"),
)

private fun signingKey(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = SigningKey(
    row.getString("id"),
    row.getString("public_key"),
    row.getString("sealed"),
    row.instant("created_at")!!,
    row.instant("revoked_at"),
)
