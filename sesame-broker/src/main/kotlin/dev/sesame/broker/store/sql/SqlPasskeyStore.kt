package dev.sesame.broker.store.sql

import dev.sesame.broker.access.passkey.Passkey
import dev.sesame.broker.audit.PasskeyFacts
import dev.sesame.broker.store.PasskeyStore
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Passkeys in SQL. */
internal class SqlPasskeyStore(private val database: SqlDatabase) : PasskeyStore {
    override suspend fun add(passkey: Passkey): Boolean = database.write { handle ->
        val isNew = handle.createUpdate(
            "INSERT INTO passkeys (id, approver_id, credential_id, public_key, rp_id, name, signature_count, transports, " +
                "is_backup_eligible, is_backed_up, created_at) " +
                "SELECT :id, a.id, :credential, :key, :rp, :name, :count, :transports, :eligible, :backed, :created FROM approvers AS a " +
                "WHERE a.id = :approver AND a.revoked_at IS NULL AND " +
                "(SELECT count(*) FROM passkeys WHERE approver_id = :approver) < :most ON CONFLICT DO NOTHING",
        )
            .bind("id", passkey.id)
            .bind("approver", passkey.approverId)
            .bind("credential", passkey.credentialId)
            .bind("key", passkey.publicKey)
            .bind("rp", passkey.rpId)
            .bind("name", passkey.name)
            .bind("count", passkey.signatureCount)
            .bind("transports", passkey.transports.joinToString(" "))
            .bind("eligible", passkey.isBackupEligible.asNumber())
            .bind("backed", passkey.isBackedUp.asNumber())
            .bind("created", passkey.createdAt.toEpochMilli())
            .bind("most", Passkey.MOST)
            .execute() == 1
        if (isNew) handle.audit(PasskeyFacts.added(passkey), passkey.createdAt)
        isNew
    }

    override suspend fun list(approverId: String?): List<Passkey> = database.read { handle ->
        val whose = if (approverId == null) "" else "WHERE approver_id = :approver "
        handle.createQuery("SELECT * FROM passkeys ${whose}ORDER BY created_at, id")
            .apply { approverId?.let { bind("approver", it) } }
            .map(::passkey).list()
    }

    override suspend fun byCredential(credentialId: String): Passkey? = database.read {
        it.createQuery("SELECT * FROM passkeys WHERE credential_id = :credential")
            .bind("credential", credentialId)
            .map(::passkey).findOne().orElse(null)
    }

    override suspend fun use(id: String, signatureCount: Long, isBackedUp: Boolean, at: Instant): Boolean = database.write {
        it.createUpdate(
            "UPDATE passkeys SET signature_count = :count, is_backed_up = :backed, used_at = :at " +
                "WHERE id = :id AND (signature_count < :count OR (signature_count = 0 AND :count = 0))",
        )
            .bind("id", id)
            .bind("count", signatureCount)
            .bind("backed", isBackedUp.asNumber())
            .bind("at", at.toEpochMilli())
            .execute() == 1
    }

    override suspend fun suspect(id: String, at: Instant) = database.write { handle ->
        val suspected = handle.passkeys("id = :id", "id" to id)
        handle.createUpdate("UPDATE passkeys SET suspect_at = :at WHERE id = :id").bind("id", id).bind("at", at.toEpochMilli()).execute()
        suspected.forEach { handle.audit(PasskeyFacts.refused(it), at) }
    }

    override suspend fun rename(id: String, approverId: String, name: String, at: Instant): Boolean = database.write { handle ->
        val renamed = handle.passkeys(THEIRS, "id" to id, "approver" to approverId)
        handle.createUpdate("UPDATE passkeys SET name = :name WHERE id = :id AND approver_id = :approver")
            .bind("id", id)
            .bind("approver", approverId)
            .bind("name", name)
            .execute()
        renamed.forEach { handle.audit(PasskeyFacts.renamed(it), at) }
        renamed.isNotEmpty()
    }

    override suspend fun remove(id: String, approverId: String, at: Instant): Boolean =
        database.write { it.removePasskeys(at, THEIRS, "id" to id, "approver" to approverId) == 1 }

    override suspend fun removeAll(approverId: String, at: Instant): Int = database.write { it.removePasskeys(approverId, at) }

    override suspend fun spend(challengeHash: String, expiresAt: Instant, now: Instant): Boolean = database.write { handle ->
        handle.createUpdate("DELETE FROM spent_challenges WHERE expires_at <= :now").bind("now", now.toEpochMilli()).execute()
        handle.createUpdate("INSERT INTO spent_challenges (challenge_hash, expires_at) VALUES (:hash, :expires) ON CONFLICT DO NOTHING")
            .bind("hash", challengeHash)
            .bind("expires", expiresAt.toEpochMilli())
            .execute() == 1
    }

    private fun Boolean.asNumber(): Int = if (this) 1 else 0

    private companion object {
        const val THEIRS = "id = :id AND approver_id = :approver"
    }
}

internal fun Handle.removePasskeys(approverId: String, at: Instant): Int =
    removePasskeys(at, "approver_id = :approver", "approver" to approverId)

private fun Handle.removePasskeys(at: Instant, condition: String, vararg values: Pair<String, String>): Int {
    val removed = passkeys(condition, *values)
    createUpdate("DELETE FROM passkeys WHERE $condition").apply { values.forEach { (name, value) -> bind(name, value) } }.execute()
    removed.forEach { audit(PasskeyFacts.removed(it), at) }
    return removed.size
}

private fun Handle.passkeys(condition: String, vararg values: Pair<String, String>): List<Passkey> =
    createQuery("SELECT * FROM passkeys WHERE $condition ORDER BY created_at, id")
        .apply { values.forEach { (name, value) -> bind(name, value) } }
        .map(::passkey).list()

private fun passkey(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Passkey(
    id = row.getString("id"),
    approverId = row.getString("approver_id"),
    credentialId = row.getString("credential_id"),
    publicKey = row.getString("public_key"),
    rpId = row.getString("rp_id"),
    name = row.getString("name"),
    signatureCount = row.getLong("signature_count"),
    transports = row.getString("transports").split(' ').filter { it.isNotEmpty() }.toSet(),
    isBackupEligible = row.getInt("is_backup_eligible") == 1,
    isBackedUp = row.getInt("is_backed_up") == 1,
    createdAt = row.instant("created_at")!!,
    usedAt = row.instant("used_at"),
    suspectAt = row.instant("suspect_at"),
)
