package dev.sesame.broker.store.sql

import dev.sesame.broker.access.Group
import dev.sesame.broker.audit.GroupFacts
import dev.sesame.broker.store.GroupStore
import dev.sesame.rules.Electorate
import org.jdbi.v3.core.Handle
import java.time.Instant
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** Groups in SQL. */
internal class SqlGroupStore(private val database: SqlDatabase, private val time: TimeSource = TimeSource.Monotonic) : GroupStore {
    private class Read(val electorate: Electorate, val until: TimeMark)

    @Volatile private var last: Read? = null

    override suspend fun add(group: Group): Boolean = database.write { handle ->
        val isNew =
            handle.createUpdate("INSERT INTO approver_groups (id, name, created_at) VALUES (:id, :name, :at) ON CONFLICT DO NOTHING")
                .bind("id", group.id)
                .bind("name", group.name)
                .bind("at", group.createdAt.toEpochMilli())
                .execute() == 1
        if (isNew) {
            handle.audit(GroupFacts.made(group.id), group.createdAt)
            group.memberIds.forEach { handle.insertMember(group.id, it, group.createdAt) }
            handle.changeElectorate()
        }
        isNew
    }

    override suspend fun groups(): List<Group> = database.read { handle ->
        val members = handle.createQuery("SELECT m.group_id, m.approver_id FROM group_members AS m $ACTIVE ORDER BY m.since, m.approver_id")
            .map { row, _ -> row.getString("group_id") to row.getString("approver_id") }.list()
            .groupBy({ it.first }, { it.second })
        handle.createQuery("SELECT * FROM approver_groups ORDER BY created_at, id").map { row, _ ->
            val id = row.getString("id")
            Group(id, row.getString("name"), row.instant("created_at")!!, row.instant("revoked_at"), members[id].orEmpty())
        }.list()
    }

    override suspend fun revokeGroup(id: String, at: Instant): Boolean = database.write { handle ->
        val wasActive = handle.createQuery("SELECT count(*) FROM approver_groups WHERE id = :id AND revoked_at IS NULL")
            .bind("id", id)
            .mapTo(Int::class.javaObjectType).one() == 1
        val isThere = handle.createUpdate("UPDATE approver_groups SET revoked_at = coalesce(revoked_at, :at) WHERE id = :id")
            .bind("id", id)
            .bind("at", at.toEpochMilli())
            .execute() == 1
        handle.createUpdate("DELETE FROM group_members WHERE group_id = :id").bind("id", id).execute()
        handle.changeElectorate()
        if (wasActive) handle.audit(GroupFacts.revoked(id), at)
        isThere
    }

    override suspend fun addMember(groupId: String, approverId: String, at: Instant): Boolean = database.write { handle ->
        val canJoin = handle.createQuery(
            "SELECT count(*) FROM approver_groups AS g JOIN approvers AS a ON a.id = :approver AND a.revoked_at IS NULL " +
                "WHERE g.id = :group AND g.revoked_at IS NULL",
        )
            .bind("approver", approverId)
            .bind("group", groupId)
            .mapTo(Int::class.javaObjectType).one() == 1
        if (canJoin && handle.insertMember(groupId, approverId, at) == 1) handle.changeElectorate()
        canJoin
    }

    override suspend fun removeMember(groupId: String, approverId: String, at: Instant): Boolean = database.write { handle ->
        val wasIn = handle.createUpdate("DELETE FROM group_members WHERE group_id = :group AND approver_id = :approver")
            .bind("group", groupId)
            .bind("approver", approverId)
            .execute() == 1
        if (wasIn) {
            handle.changeElectorate()
            handle.audit(GroupFacts.left(groupId, approverId), at)
        }
        wasIn
    }

    override suspend fun groupsOf(approverId: String): Set<String> = database.read {
        it.createQuery(
            "SELECT g.name FROM group_members AS m JOIN approver_groups AS g ON g.id = m.group_id WHERE m.approver_id = :approver",
        )
            .bind("approver", approverId)
            .mapTo(String::class.java).set()
    }

    /**
     * The version first: what changes while the rest is read makes it too old, never too new. Where it is that of the last reading, so is the
     * rest; not for long, since brokers of older versions add people without a new one.
     */
    override suspend fun electorate(): Electorate = database.read { handle ->
        val version = handle.createQuery("SELECT version FROM electorate").mapTo(Long::class.javaObjectType).one()
        val known = last?.takeIf { it.electorate.version == version && !it.until.hasPassedNow() }
        known?.electorate ?: handle.electorateAt(version).also { last = Read(it, time.markNow() + FOR) }
    }

    private fun Handle.electorateAt(version: Long): Electorate {
        val groups = createQuery("SELECT name FROM approver_groups WHERE revoked_at IS NULL").mapTo(String::class.java).set()
        val people = createQuery(
            "SELECT a.id, g.name FROM approvers AS a LEFT JOIN group_members AS m ON m.approver_id = a.id " +
                "LEFT JOIN approver_groups AS g ON g.id = m.group_id WHERE a.revoked_at IS NULL",
        )
            .map { row, _ -> row.getString("id") to row.getString("name") }.list()
        val groupsOf = people.groupBy({ it.first }, { it.second }).mapValues { (_, names) -> names.filterNotNull().toSet() }
        return Electorate(groupsOf, groups, version)
    }

    private fun Handle.insertMember(groupId: String, approverId: String, at: Instant): Int {
        val joined = createUpdate(
            "INSERT INTO group_members (group_id, approver_id, since) VALUES (:group, :approver, :at) ON CONFLICT DO NOTHING",
        )
            .bind("group", groupId)
            .bind("approver", approverId)
            .bind("at", at.toEpochMilli())
            .execute()
        if (joined == 1) audit(GroupFacts.joined(groupId, approverId), at)
        return joined
    }

    private companion object {
        val FOR = 1.seconds
        const val ACTIVE = "JOIN approvers AS a ON a.id = m.approver_id AND a.revoked_at IS NULL"
    }
}

/** To be called in every transaction after which others may answer than before. */
internal fun Handle.changeElectorate() {
    execute("UPDATE electorate SET version = version + 1")
}
