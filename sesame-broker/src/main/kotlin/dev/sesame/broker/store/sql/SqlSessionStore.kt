package dev.sesame.broker.store.sql

import dev.sesame.broker.access.Session
import dev.sesame.broker.access.SignInLink
import dev.sesame.broker.audit.AccessFacts
import dev.sesame.broker.store.SessionStore
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Sessions in SQL. */
internal class SqlSessionStore(private val database: SqlDatabase) : SessionStore {
    override suspend fun add(link: SignInLink, at: Instant): Boolean = database.write { handle ->
        val isMade = handle.createUpdate(
            "INSERT INTO sign_in_links (link_hash, approver_id, expires_at) " +
                "SELECT :hash, id, :expires FROM approvers WHERE id = :approver AND revoked_at IS NULL " +
                "ON CONFLICT (approver_id) DO UPDATE SET link_hash = excluded.link_hash, expires_at = excluded.expires_at",
        )
            .bind("hash", link.hash)
            .bind("approver", link.approverId)
            .bind("expires", link.expiresAt.toEpochMilli())
            .execute() == 1
        if (isMade) handle.audit(AccessFacts.made(link), at)
        isMade
    }

    override suspend fun spend(linkHash: String, now: Instant, begin: (String) -> Session): Session? = database.write { handle ->
        val approverId = handle.createQuery(
            "SELECT approver_id FROM sign_in_links WHERE link_hash = :hash AND expires_at > :now AND " +
                "EXISTS (SELECT 1 FROM approvers WHERE id = approver_id AND revoked_at IS NULL)",
        )
            .bind("hash", linkHash)
            .bind("now", now.toEpochMilli())
            .mapTo(String::class.java).findOne().orElse(null)
        val isSpent = handle.createUpdate("DELETE FROM sign_in_links WHERE link_hash = :hash").bind("hash", linkHash).execute() == 1
        if (approverId == null || !isSpent) return@write null
        begin(approverId).takeIf { handle.begun(it, now) }
    }

    override suspend fun begin(session: Session, now: Instant): Boolean = database.write { it.begun(session, now) }

    override suspend fun byToken(hash: String): Session? = database.read {
        it.createQuery("SELECT * FROM sessions WHERE token_hash = :hash").bind("hash", hash).map(::session).findOne().orElse(null)
    }

    override suspend fun byTokens(hashes: Set<String>): List<Session> = database.read { handle ->
        hashes.chunked(MOST_BOUND).flatMap { some ->
            handle.createQuery("SELECT * FROM sessions WHERE token_hash IN (<hashes>) AND $OF_ACTIVE").bindList("hashes", some)
                .map(::session).list()
        }
    }

    override suspend fun seen(id: String, at: Instant) = database.write {
        it.createUpdate("UPDATE sessions SET seen_at = :at WHERE id = :id AND seen_at < :at")
            .bind("id", id)
            .bind("at", at.toEpochMilli())
            .execute()
        Unit
    }

    override suspend fun list(approverId: String?): List<Session> = database.read { handle ->
        val whose = if (approverId == null) "" else "approver_id = :approver AND "
        handle.createQuery("SELECT * FROM sessions WHERE $whose$OF_ACTIVE ORDER BY created_at DESC, id DESC")
            .apply { approverId?.let { bind("approver", it) } }
            .map(::session).list()
    }

    override suspend fun end(id: String, approverId: String?, at: Instant): Boolean = database.write { handle ->
        val whose = if (approverId == null) "" else " AND approver_id = :approver"
        val isEnded =
            handle.end("id = :id$whose", at, "id" to id, *listOfNotNull(approverId?.let { "approver" to it }).toTypedArray()).isNotEmpty()
        if (isEnded) handle.removeDevices("session_id", id, at)
        isEnded
    }

    override suspend fun endAll(approverId: String, at: Instant): List<String> = database.write { handle ->
        val ended = handle.end("approver_id = :approver", at, "approver" to approverId)
        handle.createUpdate("DELETE FROM sign_in_links WHERE approver_id = :approver").bind("approver", approverId).execute()
        handle.removeDevices("approver_id", approverId, at)
        ended.map { it.id }
    }

    /** Ends those sessions before their time. */
    private fun Handle.end(condition: String, at: Instant, vararg values: Pair<String, String>): List<Session> {
        val ended = createQuery("SELECT * FROM sessions WHERE $condition ORDER BY created_at, id")
            .apply { values.forEach { (name, value) -> bind(name, value) } }
            .map(::session).list()
        createUpdate("DELETE FROM sessions WHERE $condition").apply { values.forEach { (name, value) -> bind(name, value) } }.execute()
        ended.forEach { audit(AccessFacts.ended(it), at) }
        return ended
    }

    private fun Handle.begun(session: Session, now: Instant): Boolean {
        if (!insert(session)) return false
        audit(AccessFacts.signedIn(session), now)
        forgetEnded(session, now)
        return true
    }

    private fun Handle.insert(session: Session): Boolean = createUpdate(
        "INSERT INTO sessions (id, approver_id, token_hash, browser, created_at, seen_at) " +
            "SELECT :id, a.id, :hash, :browser, :created, :seen FROM approvers AS a WHERE a.id = :approver AND a.revoked_at IS NULL",
    )
        .bind("id", session.id)
        .bind("approver", session.approverId)
        .bind("hash", session.tokenHash)
        .bind("browser", session.browser)
        .bind("created", session.createdAt.toEpochMilli())
        .bind("seen", session.seenAt.toEpochMilli())
        .execute() == 1

    /** What time has ended, everybody's, and this approver's oldest beyond the limit. */
    private fun Handle.forgetEnded(newest: Session, now: Instant) {
        createUpdate("DELETE FROM sessions WHERE seen_at <= :idle OR created_at <= :old")
            .bind("idle", (now - Session.IDLE).toEpochMilli())
            .bind("old", (now - Session.LONGEST).toEpochMilli())
            .execute()
        end(
            "approver_id = :approver AND id <> :id AND id NOT IN (SELECT id FROM sessions " +
                "WHERE approver_id = :approver AND id <> :id ORDER BY created_at DESC, id DESC LIMIT ${SessionStore.MOST - 1})",
            now,
            "approver" to newest.approverId,
            "id" to newest.id,
        )
    }

    private companion object {
        const val OF_ACTIVE = "EXISTS (SELECT 1 FROM approvers AS a WHERE a.id = approver_id AND a.revoked_at IS NULL)"

        /** Well below what either engine binds in one statement. */
        const val MOST_BOUND = 500
    }
}

private fun session(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Session(
    row.getString("id"),
    row.getString("approver_id"),
    row.getString("token_hash"),
    row.getString("browser"),
    row.instant("created_at")!!,
    row.instant("seen_at")!!,
)
