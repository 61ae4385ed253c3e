package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.AccessFacts
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.notice.NoticeState
import dev.sesame.broker.store.Attempted
import dev.sesame.broker.store.NoticeCount
import dev.sesame.broker.store.NoticeStore
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Notices and contacts in SQL. Nothing is leased: one worker of one process sends what is due on a channel. */
internal class SqlNoticeStore(private val database: SqlDatabase) : NoticeStore {
    override suspend fun areOwed(channel: String): Boolean = database.read {
        it.createQuery("SELECT 1 FROM notices WHERE channel = :channel AND state = 'pending' LIMIT 1")
            .bind("channel", channel)
            .mapTo(Int::class.javaObjectType).findOne().isPresent
    }

    override suspend fun contactsDue(channel: String, now: Instant, limit: Int): List<String> = database.read {
        it.createQuery(CONTACTS_DUE)
            .bind("channel", channel)
            .bind("now", now.toEpochMilli())
            .bind("limit", limit)
            .mapTo(String::class.java).list()
    }

    override suspend fun due(channel: String, address: String, now: Instant, limit: Int): List<Notice> = database.read {
        it.createQuery(
            "SELECT * FROM notices WHERE channel = :channel AND address = :address AND state = 'pending' AND next_at <= :now " +
                "ORDER BY next_at, seq LIMIT :limit",
        )
            .bind("channel", channel)
            .bind("address", address)
            .bind("now", now.toEpochMilli())
            .bind("limit", limit)
            .map(::notice).list()
    }

    override suspend fun record(seqs: List<Long>, after: Attempted, at: Instant) = database.write {
        it.createUpdate(
            "UPDATE notices SET state = :state, next_at = :next, attempts = attempts + :counts, ended_at = :ended, detail = :detail " +
                "WHERE seq IN (<seqs>)" + if (after.state == NoticeState.PENDING) " AND state = 'pending'" else "",
        )
            .bindList("seqs", seqs)
            .bind("state", after.state.name.lowercase())
            .bind("next", after.nextAt?.toEpochMilli())
            .bind("counts", if (after.counts) 1 else 0)
            .bind("ended", at.toEpochMilli().takeIf { after.nextAt == null })
            .bind("detail", after.detail)
            .execute()
        Unit
    }

    override suspend fun putOff(channel: String, address: String, until: Instant) = database.write {
        it.createUpdate(
            "UPDATE notices SET next_at = :until WHERE channel = :channel AND address = :address AND state = 'pending' AND next_at < :until",
        )
            .bind("channel", channel)
            .bind("address", address)
            .bind("until", until.toEpochMilli())
            .execute()
        Unit
    }

    override suspend fun show(approvalId: String, contact: Contact, at: Instant) = owe(approvalId, NoticeKind.SHOWN, contact, at)

    override suspend fun tellDecisionAgain(approvalId: String, contact: Contact, at: Instant) =
        owe(approvalId, NoticeKind.DECIDED, contact, at)

    override suspend fun dropOthers(channels: Set<String>, at: Instant) = database.write {
        val others = if (channels.isEmpty()) "" else " AND channel NOT IN (<channels>)"
        it.createUpdate(
            "UPDATE notices SET state = 'dropped', next_at = NULL, ended_at = :at, detail = 'the channel is off' " +
                "WHERE state = 'pending'$others",
        )
            .apply { if (channels.isNotEmpty()) bindList("channels", channels.toList()) }
            .bind("at", at.toEpochMilli())
            .execute()
        Unit
    }

    override suspend fun noticesOf(approvalId: String, limit: Int): List<Notice> = database.read {
        it.createQuery("SELECT * FROM notices WHERE approval_id = :approval ORDER BY seq DESC LIMIT :limit")
            .bind("approval", approvalId)
            .bind("limit", limit)
            .map(::notice).list().reversed()
    }

    override suspend fun count(channel: String, since: Instant, atMost: Int): NoticeCount = database.read { handle ->
        val waiting = handle.createQuery(
            "SELECT count(*) FROM (SELECT 1 FROM notices WHERE channel = :channel AND state = 'pending' LIMIT :most) AS waiting",
        )
            .bind("channel", channel)
            .bind("most", atMost)
            .mapTo(Int::class.javaObjectType).one()
        val ended = handle.createQuery(ENDED)
            .bind("channel", channel)
            .bind("since", since.toEpochMilli())
            .bind("most", atMost)
            .map { row, _ -> row.getString("state") to row.getInt("many") }.list().toMap()
        NoticeCount(waiting, ended["sent"] ?: 0, ended["failed"] ?: 0)
    }

    override suspend fun contact(channel: String, address: String): Contact? = database.read {
        it.createQuery("$ACTIVE_CONTACTS WHERE c.channel = :channel AND c.address = :address")
            .bind("channel", channel)
            .bind("address", address)
            .map(::contact).findOne().orElse(null)
    }

    override suspend fun contacts(): List<Contact> =
        database.read { it.createQuery("$ACTIVE_CONTACTS ORDER BY c.channel, c.since, c.address").map(::contact).list() }

    override suspend fun removeContacts(channel: String, approverId: String, at: Instant): Boolean = database.write { handle ->
        handle.removeContacts(approverId, at, channel) > 0
    }

    private suspend fun owe(approvalId: String, kind: NoticeKind, contact: Contact, at: Instant) = database.write {
        it.createUpdate(
            "INSERT INTO notices ($COLUMNS) VALUES (:approval, :kind, :approver, :channel, :address, 'pending', :at, :at, 0) " +
                "ON CONFLICT (approval_id, kind, channel, address) DO UPDATE SET approver_id = :approver, $DUE_AGAIN",
        )
            .bind("approval", approvalId)
            .bind("kind", kind.name.lowercase())
            .bind("approver", contact.approverId)
            .bind("channel", contact.channel)
            .bind("address", contact.address)
            .bind("at", at.toEpochMilli())
            .execute()
        Unit
    }

    private companion object {
        const val ACTIVE_CONTACTS =
            "SELECT c.* FROM contacts AS c JOIN approvers AS a ON a.id = c.approver_id AND a.revoked_at IS NULL"

        /** Goes through the newest only: there is no index by time, and none is worth its cost for a page that few look at. */
        const val ENDED =
            "SELECT state, count(*) AS many FROM (SELECT channel, state, ended_at FROM notices ORDER BY seq DESC LIMIT :most) " +
                "AS newest WHERE channel = :channel AND ended_at >= :since GROUP BY state"

        /** Steps from contact to contact through the index, so that a long queue of one costs nothing. */
        const val CONTACTS_DUE = "WITH RECURSIVE reached (name) AS (" +
            "SELECT min(address) FROM notices WHERE channel = :channel AND state = 'pending' UNION ALL " +
            "SELECT (SELECT min(address) FROM notices WHERE channel = :channel AND state = 'pending' AND address > name) " +
            "FROM reached WHERE name IS NOT NULL) " +
            "SELECT name FROM (SELECT name, (SELECT min(next_at) FROM notices " +
            "WHERE channel = :channel AND address = name AND state = 'pending' AND next_at <= :now) AS since FROM reached) AS due " +
            "WHERE since IS NOT NULL ORDER BY since, name LIMIT :limit"
    }
}

/** Ends the approver's contacts, on [channel] or on all, and drops what is pending for them; returns how many there were. */
internal fun Handle.removeContacts(approverId: String, at: Instant, channel: String? = null): Int {
    val condition = "approver_id = :approver" + if (channel == null) "" else " AND channel = :channel"
    val dropped = "UPDATE notices SET state = 'dropped', next_at = NULL, ended_at = :at, detail = 'unlinked' " +
        "WHERE state = 'pending' AND $condition"
    createUpdate(dropped).bind("approver", approverId).bind("at", at.toEpochMilli()).apply {
        channel?.let { bind("channel", it) }
    }.execute()
    if (channel == null) removeDevices("approver_id", approverId, at)
    return unlink(condition, at, "approver" to approverId, *listOfNotNull(channel?.let { "channel" to it }).toTypedArray())
}

/** Takes those contacts away, which are none of push's: devices have facts of their own. Returns how many. */
internal fun Handle.unlink(condition: String, at: Instant, vararg values: Pair<String, String>): Int {
    val unlinked = createQuery("SELECT channel, address, approver_id FROM contacts WHERE $condition ORDER BY channel, address")
        .apply { values.forEach { (name, value) -> bind(name, value) } }
        .map(::contact).list()
    createUpdate("DELETE FROM contacts WHERE $condition").apply { values.forEach { (name, value) -> bind(name, value) } }.execute()
    unlinked.forEach { audit(AccessFacts.unlinked(it), at) }
    return unlinked.size
}

private fun notice(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Notice(
    seq = row.getLong("seq"),
    approvalId = row.getString("approval_id"),
    kind = NoticeKind.valueOf(row.getString("kind").uppercase()),
    contact = contact(row, context),
    state = NoticeState.valueOf(row.getString("state").uppercase()),
    createdAt = row.instant("created_at")!!,
    nextAt = row.instant("next_at"),
    attempts = row.getInt("attempts"),
    endedAt = row.instant("ended_at"),
    detail = row.getString("detail"),
)

private fun contact(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) =
    Contact(row.getString("channel"), row.getString("address"), row.getString("approver_id"))
