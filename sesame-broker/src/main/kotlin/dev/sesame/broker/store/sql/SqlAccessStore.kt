package dev.sesame.broker.store.sql

import dev.sesame.Mode
import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Role
import dev.sesame.broker.audit.AccessFacts
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.GroupStore
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Requesters, keys and approvers in SQL. */
internal class SqlAccessStore(private val database: SqlDatabase) :
    AccessStore,
    GroupStore by SqlGroupStore(database) {
    override suspend fun add(requester: Requester): Boolean = database.write { handle ->
        val isNew = handle.createUpdate(
            "INSERT INTO requesters (id, name, owner_id, created_at, allow_self) VALUES (:id, :name, :owner, :at, :self) " +
                "ON CONFLICT DO NOTHING",
        )
            .bind("id", requester.id)
            .bind("name", requester.name)
            .bind("owner", requester.ownerId)
            .bind("at", requester.createdAt.toEpochMilli())
            .bind("self", if (requester.allowSelf) 1 else 0)
            .execute() == 1
        if (isNew) handle.audit(AccessFacts.made(requester), requester.createdAt)
        isNew
    }

    override suspend fun add(key: ApiKey): Boolean = database.write { handle ->
        val isNew = handle.createUpdate(
            "INSERT INTO api_keys (id, requester_id, mode, key_hash, last_four, created_at) " +
                "VALUES (:id, :requester, :mode, :hash, :four, :at) ON CONFLICT DO NOTHING",
        )
            .bind("id", key.id)
            .bind("requester", key.requesterId)
            .bind("mode", key.mode.value)
            .bind("hash", key.hash)
            .bind("four", key.lastFour)
            .bind("at", key.createdAt.toEpochMilli())
            .execute() == 1
        if (isNew) handle.audit(AccessFacts.made(key), key.createdAt)
        isNew
    }

    override suspend fun add(approver: Approver): Boolean = database.write { handle ->
        val isNew = handle.createUpdate(
            "INSERT INTO approvers (id, name, role, token_hash, last_four, created_at) " +
                "VALUES (:id, :name, :role, :hash, :four, :at) ON CONFLICT DO NOTHING",
        )
            .bind("id", approver.id)
            .bind("name", approver.name)
            .bind("role", approver.role.name.lowercase())
            .bind("hash", approver.tokenHash)
            .bind("four", approver.lastFour)
            .bind("at", approver.createdAt.toEpochMilli())
            .execute() == 1
        if (isNew) {
            handle.changeElectorate()
            handle.audit(AccessFacts.made(approver), approver.createdAt)
        }
        isNew
    }

    override suspend fun requesterNamed(name: String): Requester? = one("SELECT * FROM requesters WHERE name = :it", name, ::requester)

    override suspend fun requester(id: String): Requester? = one("SELECT * FROM requesters WHERE id = :it", id, ::requester)

    override suspend fun keyByHash(hash: String): ApiKey? = one("SELECT * FROM api_keys WHERE key_hash = :it", hash, ::key)

    override suspend fun approverByHash(hash: String): Approver? = one("SELECT * FROM approvers WHERE token_hash = :it", hash, ::approver)

    override suspend fun approver(id: String): Approver? = one("SELECT * FROM approvers WHERE id = :it", id, ::approver)

    override suspend fun isActive(approverId: String): Boolean = database.read { it.isActive("approvers", approverId) }

    override suspend fun requesters(): List<Requester> = all("SELECT * FROM requesters ORDER BY created_at, id", ::requester)

    override suspend fun keys(): List<ApiKey> = all("SELECT * FROM api_keys ORDER BY created_at, id", ::key)

    override suspend fun approvers(): List<Approver> = all("SELECT * FROM approvers ORDER BY created_at, id", ::approver)

    override suspend fun revokeKey(id: String, at: Instant): Boolean = database.write { handle ->
        val wasActive = handle.isActive("api_keys", id)
        val isRevoked = handle.createUpdate("UPDATE api_keys SET revoked_at = coalesce(revoked_at, :at) WHERE id = :id")
            .bind("id", id)
            .bind("at", at.toEpochMilli())
            .execute() == 1
        if (isRevoked && wasActive) handle.audit(AccessFacts.revokedKey(id), at)
        isRevoked
    }

    override suspend fun revokeRequester(id: String, at: Instant): List<String>? = database.write { handle ->
        handle.createQuery("SELECT id FROM requesters WHERE id = :id").bind("id", id).mapTo(String::class.java).findOne().orElse(null)
            ?: return@write null
        handle.createUpdate("UPDATE api_keys SET revoked_at = :at WHERE requester_id = :id AND revoked_at IS NULL")
            .bind("id", id)
            .bind("at", at.toEpochMilli())
            .execute()
        handle.audit(AccessFacts.revokedRequester(id), at)
        handle.createQuery("SELECT id FROM api_keys WHERE requester_id = :id").bind("id", id).mapTo(String::class.java).list()
    }

    override suspend fun revokeApprover(id: String, at: Instant): Boolean = database.write { handle ->
        val wasActive = handle.isActive("approvers", id)
        val isRevoked = handle.createUpdate(
            "UPDATE approvers SET revoked_at = coalesce(revoked_at, :at) WHERE id = :id AND (role <> 'admin' OR EXISTS " +
                "(SELECT 1 FROM approvers AS other WHERE other.role = 'admin' AND other.revoked_at IS NULL AND other.id <> :id))",
        )
            .bind("id", id)
            .bind("at", at.toEpochMilli())
            .execute() == 1
        if (isRevoked) {
            handle.removeContacts(id, at)
            handle.removePasskeys(id, at)
            handle.changeElectorate()
            if (wasActive) handle.audit(AccessFacts.revokedApprover(id), at)
        }
        isRevoked
    }

    override suspend fun ownSecret(name: String, make: () -> ByteArray): ByteArray = database.write { handle ->
        handle.createUpdate("INSERT INTO own_secrets (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
            .bind("name", name)
            .bind("value", make())
            .execute()
        handle.createQuery("SELECT value FROM own_secrets WHERE name = :name").bind("name", name).mapTo(ByteArray::class.java).one()
    }

    override suspend fun replaceOwnSecret(name: String, value: ByteArray) = database.write { handle ->
        handle.createUpdate("INSERT INTO own_secrets (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value")
            .bind("name", name)
            .bind("value", value)
            .execute()
        Unit
    }

    private fun Handle.isActive(table: String, id: String): Boolean =
        createQuery("SELECT count(*) FROM $table WHERE id = :id AND revoked_at IS NULL").bind("id", id).mapTo(INT).one() == 1

    private suspend fun <T : Any> one(sql: String, value: String, map: (ResultSet, StatementContext) -> T): T? =
        database.read { it.createQuery(sql).bind("it", value).map(map).findOne().orElse(null) }

    private suspend fun <T : Any> all(sql: String, map: (ResultSet, StatementContext) -> T): List<T> =
        database.read { it.createQuery(sql).map(map).list() }

    private companion object {
        val INT = Int::class.javaObjectType
    }
}

private fun requester(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Requester(
    row.getString("id"),
    row.getString("name"),
    row.getString("owner_id"),
    row.instant("created_at")!!,
    allowSelf = row.getInt("allow_self") == 1,
)

private fun key(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = ApiKey(
    row.getString("id"),
    row.getString("requester_id"),
    Mode.of(row.getString("mode")),
    row.getString("key_hash"),
    row.getString("last_four"),
    row.instant("created_at")!!,
    row.instant("revoked_at"),
)

private fun approver(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Approver(
    row.getString("id"),
    row.getString("name"),
    Role.valueOf(row.getString("role").uppercase()),
    row.getString("token_hash"),
    row.getString("last_four"),
    row.instant("created_at")!!,
    row.instant("revoked_at"),
)

internal fun ResultSet.instant(column: String): Instant? = getLong(column).takeUnless { wasNull() }?.let(Instant::ofEpochMilli)
