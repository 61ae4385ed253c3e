package dev.sesame.broker.store.sql

import dev.sesame.Mode
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.notice.reminders
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Event
import dev.sesame.rules.Transition
import org.jdbi.v3.core.Handle
import java.time.Instant

/** Stores what approvers are to be told of [transition], in its own transaction, at the end of it. Test requests reach nobody. */
internal fun Handle.oweNotices(transition: Transition, at: Instant, switchedOn: Set<String>) {
    val record = transition.after
    val channels = switchedOn.filter(record.question::isToldOver).toSet()
    if (channels.isEmpty() || record.question.mode != Mode.LIVE) return
    when {
        transition.event == Event.OPENED && !record.status.isTerminal -> {
            oweToAll(record, NoticeKind.ASKED, at, at, channels)
            reminders(record.question).forEach { (kind, due) -> oweToAll(record, kind, at, due, channels) }
        }

        transition.event == Event.VOTED -> voted(record, at)

        transition.event == Event.EXTENDED -> extended(record, at, channels)

        transition.event == Event.ESCALATED -> escalated(record, at, channels)

        transition.event.isDecision -> decided(record, at)
    }
}

/** Deletes the notices of these approvals, and what their channels kept of them. */
internal fun Handle.forgetNotices(approvalIds: List<String>) {
    listOf("notices", "telegram_buttons", "telegram_messages").forEach {
        createUpdate("DELETE FROM $it WHERE approval_id IN (<ids>)").bindList("ids", approvalIds).execute()
    }
}

/**
 * To every active approver whom a channel reaches, to whom it wasn't told yet, and whose answer would count: of the groups asked, and not who
 * stands behind the requester.
 */
private fun Handle.oweToAll(record: ApprovalRecord, kind: NoticeKind, at: Instant, due: Instant, channels: Set<String>) {
    val question = record.question
    val over = channels.mapIndexed { index, channel -> "channel$index" to channel }
    val asked = question.groups.mapIndexed { index, group -> "group$index" to group }
    later(
        record,
        "INSERT INTO notices ($COLUMNS) SELECT :approval, :kind, c.approver_id, c.channel, c.address, 'pending', :at, :due, 0 " +
            "FROM contacts AS c JOIN approvers AS a ON a.id = c.approver_id AND a.revoked_at IS NULL WHERE c.channel IN (${over.names()})" +
            (if (question.allowSelf) "" else " AND NOT EXISTS ($OWNED)") +
            (if (asked.isEmpty()) "" else " AND EXISTS ($ASKED (${asked.names()}))") +
            " ORDER BY c.since ON CONFLICT DO NOTHING",
        mapOf("kind" to kind.name.lowercase(), "at" to at.toEpochMilli(), "due" to due.toEpochMilli()) + over + asked +
            if (question.allowSelf) emptyMap() else mapOf("requester" to question.requesterId),
    )
}

private fun List<Pair<String, String>>.names() = joinToString { (name, _) -> ":$name" }

/** What is owed for one approval is stored in its order, and of one transaction together: as the last thing before its commit. */
private fun Handle.later(record: ApprovalRecord, sql: String, values: Map<String, Any>) =
    journal.add(Step(record.id, sql, values + ("approval" to record.id)))

/** Those who are asked from now on are told so, and are reminded with the others. */
private fun Handle.escalated(record: ApprovalRecord, at: Instant, channels: Set<String>) {
    val added = record.copy(question = record.question.copy(groups = record.question.escalation?.groups.orEmpty()))
    oweToAll(added, NoticeKind.ASKED, at, at, channels)
    reminders(record.question).filterValues { it > at }.forEach { (kind, due) -> oweToAll(added, kind, at, due, channels) }
}

/**
 * Reminders go by the new expiry: what is due comes later, and the last call comes again. Where a rule says when, that stays, and what would
 * have come after the old expiry comes now too.
 */
private fun Handle.extended(record: ApprovalRecord, at: Instant, channels: Set<String>) {
    if (record.question.remindAfterSeconds != null) {
        val before = record.progress.extensions.last().from
        return reminders(record.question).filterValues { it >= before }.forEach { (kind, due) -> oweToAll(record, kind, at, due, channels) }
    }
    reminders(record.question).forEach { (kind, due) ->
        val again = if (kind == NoticeKind.LAST_CALL) "('pending', 'sent')" else "('pending')"
        later(
            record,
            "UPDATE notices SET state = 'pending', next_at = :due, attempts = 0, ended_at = NULL, detail = NULL " +
                "WHERE approval_id = :approval AND kind = :kind AND state IN $again",
            mapOf("kind" to kind.name.lowercase(), "due" to maxOf(due, at).toEpochMilli()),
        )
    }
}

private fun Handle.voted(record: ApprovalRecord, at: Instant) {
    val voter = record.progress.votes.last().by.id
    drop("approver_id = :who AND kind <> 'voted'", record, "answered", at, voter)
    tellAgain(record, NoticeKind.VOTED, at, voter)
}

private fun Handle.decided(record: ApprovalRecord, at: Instant) {
    drop("approver_id <> :who", record, "decided before it was sent", at, who = "")
    tellAgain(record, NoticeKind.DECIDED, at, who = null)
}

private fun Handle.drop(condition: String, record: ApprovalRecord, why: String, at: Instant, who: String) = later(
    record,
    "UPDATE notices SET state = 'dropped', next_at = NULL, ended_at = :at, detail = :why " +
        "WHERE approval_id = :approval AND state = 'pending' AND $condition",
    mapOf("who" to who, "why" to why, "at" to at.toEpochMilli()),
)

/**
 * To every contact that was told of the question, or is being told right now; where an account has gone from one person to another since, to the
 * last of them alone.
 */
private fun Handle.tellAgain(record: ApprovalRecord, kind: NoticeKind, at: Instant, who: String?) = later(
    record,
    "INSERT INTO notices ($COLUMNS) SELECT n.approval_id, :kind, n.approver_id, n.channel, n.address, 'pending', :at, :at, 0 " +
        "FROM notices AS n WHERE n.approval_id = :approval AND n.kind IN ('asked', 'shown') AND NOT EXISTS ($LATER)" +
        (if (who == null) "" else " AND n.approver_id = :who") +
        " ON CONFLICT (approval_id, kind, channel, address) DO UPDATE SET $DUE_AGAIN",
    mapOf("kind" to kind.name.lowercase(), "at" to at.toEpochMilli()) + if (who == null) emptyMap() else mapOf("who" to who),
)

private const val OWNED = "SELECT 1 FROM requesters AS r WHERE r.id = :requester AND r.owner_id = c.approver_id"
private const val ASKED = "SELECT 1 FROM group_members AS m JOIN approver_groups AS g ON g.id = m.group_id " +
    "WHERE m.approver_id = c.approver_id AND g.name IN"
private const val LATER = "SELECT 1 FROM notices AS l WHERE l.approval_id = n.approval_id AND l.channel = n.channel " +
    "AND l.address = n.address AND l.kind IN ('asked', 'shown') AND l.seq > n.seq"
internal const val COLUMNS = "approval_id, kind, approver_id, channel, address, state, created_at, next_at, attempts"
internal const val DUE_AGAIN = "state = 'pending', next_at = :at, attempts = 0, ended_at = NULL, detail = NULL"
