package dev.sesame.broker.store.sql

import dev.sesame.Mode
import dev.sesame.broker.audit.Fact
import dev.sesame.broker.audit.approvalFact
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Decided
import dev.sesame.broker.store.DueTimes
import dev.sesame.broker.store.Happened
import dev.sesame.broker.store.SharedRead
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Event
import dev.sesame.rules.Progress
import dev.sesame.rules.Transition
import dev.sesame.rules.asDecided
import dev.sesame.rules.eraseAt
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonObject
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Approvals in SQL. A change carries the version it was made from: no row changed means that somebody was first. */
internal class SqlApprovalStore(
    private val database: SqlDatabase,
    private val newDeliveryId: () -> String,
    /** Over which approvers are told; none: nothing is owed to them. */
    private val channels: Set<String> = emptySet(),
) : ApprovalStore {
    private val rows = SharedRead<String, Row> { ids -> ids.chunked(MOST_BOUND).flatMap { rowsOf(it) }.toMap() }

    override suspend fun commit(expectedVersion: Int, transition: Transition, at: Instant, judgedBy: Long?): Boolean {
        // Made before the writer is asked: its time is everybody's.
        val kept = keptOf(transition.after)
        val facts = transition.steps.map { step ->
            val then = if (step.after === transition.after) kept else keptOf(step.after)
            approvalFact(step, then.question, then.progress)
        }
        return database.write { handle ->
            val isNew = expectedVersion == 0
            val changed = if (isNew) handle.insert(transition.after, kept) else handle.update(transition, kept, expectedVersion, judgedBy)
            check(changed in 0..1) { "$changed rows of ${transition.after.id} changed at once" }
            if (changed == 1) {
                facts.forEach { handle.audit(it, at) }
                transition.steps.forEach { handle.journal.add(it, at) }
                handle.owe(transition, newDeliveryId)
                handle.oweNotices(transition, at, channels)
                if (transition.event == Event.REDACTED) handle.forgetAnswers(transition.after.id)
            }
            changed == 1
        }
    }

    /** Who asks at the same time shares the reading, not what there is to be made of the own row. */
    override suspend fun find(id: String): ApprovalRecord? = rows.of(id)?.let(::record)

    override suspend fun findByDedupKey(requesterId: String, mode: Mode, dedupKey: String): ApprovalRecord? = database.read {
        it.createQuery("$SELECT WHERE requester_id = :requester AND mode = :mode AND dedup_key = :key AND status <> 'cancelled'")
            .bind("requester", requesterId)
            .bind("mode", mode.value)
            .bind("key", dedupKey)
            .map(::record).findOne().orElse(null)
    }

    override suspend fun list(query: ApprovalQuery): List<ApprovalRecord> {
        if (query.ids?.isEmpty() == true) return emptyList()
        return database.read { Listing(query).on(it).map(::record).list() }
    }

    override suspend fun due(now: Instant, limit: Int): List<String> = ids(DUE, now, limit)

    override suspend fun escalating(now: Instant, limit: Int): List<String> = ids(ESCALATING, now, limit)

    private suspend fun ids(query: String, now: Instant, limit: Int): List<String> = database.read {
        it.createQuery(query)
            .bind("now", now.toEpochMilli())
            .bind("limit", limit)
            .mapTo(String::class.java).list()
    }

    override suspend fun eraseDue(now: Instant, limit: Int): List<String> = ids(ERASE_DUE, now, limit)

    override suspend fun dueTimes(): DueTimes = database.read {
        it.createQuery(DUE_TIMES)
            .map { row, _ -> DueTimes(row.instant("ends"), row.instant("escalates"), row.instant("erases")) }
            .one()
    }

    override suspend fun countPending(requesterId: String, mode: Mode, atMost: Int): Int = database.read {
        it.createQuery(PENDING)
            .bind("requester", requesterId)
            .bind("mode", mode.value)
            .bind("limit", atMost)
            .mapTo(Int::class.javaObjectType).one()
    }

    override suspend fun lastEvent(): Long =
        database.read { it.createQuery("SELECT coalesce(max(seq), 0) FROM events").mapTo(Long::class.javaObjectType).one() }

    override suspend fun decidedAfter(seq: Long, requesterId: String, mode: Mode, limit: Int): List<Decided> = database.read {
        it.createQuery(
            "SELECT e.seq, a.question, a.progress, a.version FROM events AS e JOIN approvals AS a ON a.id = e.approval_id " +
                "WHERE e.is_decision = 1 AND e.requester_id = :requester AND e.mode = :mode AND e.seq > :seq ORDER BY e.seq LIMIT :limit",
        )
            .bind("requester", requesterId)
            .bind("mode", mode.value)
            .bind("seq", seq)
            .bind("limit", limit)
            .map(::decided).list()
    }

    override suspend fun happenedAfter(seq: Long, limit: Int): List<Happened> = database.read {
        it.createQuery(HAPPENED)
            .bind("seq", seq)
            .bind("limit", limit)
            .map(::happened).list()
    }

    override suspend fun forgetKeys(endedBefore: Instant, limit: Int): Int = database.write { handle ->
        val settled = handle.createQuery(WITH_KEY)
            .bind("before", endedBefore.toEpochMilli())
            .setFetchSize(limit) // else PostgreSQL's driver would take all of them into memory
            .map(::record).stream().use { records -> records.filter { it.isSettled }.limit(limit.toLong()).map { it.id }.toList() }
        if (settled.isNotEmpty()) {
            handle.createUpdate("UPDATE approvals SET dedup_key = NULL WHERE id IN (<ids>)").bindList("ids", settled).execute()
        }
        settled.size
    }

    override suspend fun forget(endedBefore: Instant, limit: Int, at: Instant): Int = database.write { handle ->
        val old = handle.createQuery("SELECT id FROM approvals WHERE decided_at < :before LIMIT :limit")
            .bind("before", endedBefore.toEpochMilli())
            .bind("limit", limit)
            .mapTo(String::class.java).list()
        if (old.isNotEmpty()) {
            handle.forgetDeliveries(old)
            handle.forgetNotices(old)
            old.forEach { handle.audit(Fact(Fact.FORGOTTEN, JsonObject(emptyMap()), it), at) }
            handle.createUpdate("DELETE FROM events WHERE approval_id IN (<ids>)").bindList("ids", old).execute()
            handle.createUpdate("DELETE FROM approvals WHERE id IN (<ids>)").bindList("ids", old).execute()
        }
        old.size
    }

    private fun Handle.insert(record: ApprovalRecord, kept: Kept): Int = createUpdate(
        "INSERT INTO approvals " +
            "(id, requester_id, mode, action, status, dedup_key, created_at, ends_at, escalates_at, decided_at, erase_at, version, " +
            "question, progress) VALUES (:id, :requester, :mode, :action, :status, :key, :created, :ends, :escalates, :decided, :erase, " +
            ":version, :question, :progress) ON CONFLICT DO NOTHING",
    )
        .bind("requester", record.question.requesterId)
        .bind("mode", record.question.mode.value)
        .bind("action", record.question.action)
        .bind("key", record.question.dedupKey)
        .bind("created", record.question.createdAt.toEpochMilli())
        .bind("ends", record.question.endsAt.toEpochMilli())
        .bind("escalates", record.escalatesAt?.toEpochMilli())
        .bind("decided", record.progress.decidedAt?.toEpochMilli())
        .bind("question", kept.questionText)
        .bind("erase", record.eraseAt?.toEpochMilli())
        .bind("id", record.id)
        .bind("status", record.status.value)
        .bind("version", record.version)
        .bind("progress", kept.progressText)
        .execute()

    private fun Handle.update(transition: Transition, kept: Kept, expectedVersion: Int, judgedBy: Long?): Int {
        val record = transition.after
        val changesQuestion = transition.event in setOf(Event.EXTENDED, Event.ESCALATED, Event.REDACTED)
        return createUpdate(
            "UPDATE approvals SET ${if (changesQuestion) "ends_at = :ends, question = :question, " else ""}status = :status, " +
                "escalates_at = :escalates, decided_at = :decided, version = :version, progress = :progress, erase_at = :erase " +
                "WHERE id = :id AND version = :expected" + if (judgedBy == null) "" else " AND EXISTS ($JUDGED_BY)",
        )
            .apply { judgedBy?.let { bind("judged_by", it) } }
            .apply {
                if (changesQuestion) bind("ends", record.question.endsAt.toEpochMilli()).bind("question", kept.questionText)
            }
            .bind("id", record.id)
            .bind("status", record.status.value)
            .bind("version", record.version)
            .bind("progress", kept.progressText)
            .bind("escalates", record.escalatesAt?.toEpochMilli())
            .bind("decided", record.progress.decidedAt?.toEpochMilli())
            .bind("erase", record.eraseAt?.toEpochMilli())
            .bind("expected", expectedVersion)
            .execute()
    }

    /** As many parameters as the next power of two, so that few texts of the statement are in use. */
    private suspend fun rowsOf(ids: List<String>): List<Pair<String, Row>> = database.read { handle ->
        val count = (ids.size - 1).takeHighestOneBit() * 2
        handle.createQuery("SELECT id, question, progress, version FROM approvals WHERE id IN (<ids>)")
            .bindList("ids", List(maxOf(1, count)) { ids[minOf(it, ids.lastIndex)] })
            .map { row, _ -> row.getString("id") to row(row) }.list()
    }

    private fun keptOf(record: ApprovalRecord) =
        Kept(json.encodeToJsonElement(record.question).jsonObject, json.encodeToJsonElement(record.progress).jsonObject)

    /** What was read of an approval. */
    private class Row(val question: String, val progress: String, val version: Int)

    /** An approval as its row is to hold it. */
    private class Kept(val question: JsonObject, val progress: JsonObject) {
        val questionText = question.toString()

        /** [Listing] finds runs by how this text names them; so the same name in an edited context is written in its other way. */
        val progressText = progress.entries.joinToString(",", "{", "}") { (name, value) ->
            "\"$name\":" + RUN.replace(value.toString()) { "\"\\u00${"%02x".format(it.value[1].code)}${it.value.drop(2)}" }
        }
    }

    companion object {
        internal const val DUE = "SELECT id FROM approvals WHERE status = 'pending' AND ends_at <= :now ORDER BY ends_at LIMIT :limit"
        internal const val ESCALATING = "SELECT id FROM approvals WHERE escalates_at <= :now ORDER BY escalates_at LIMIT :limit"
        internal const val ERASE_DUE = "SELECT id FROM approvals WHERE erase_at <= :now ORDER BY erase_at LIMIT :limit"
        internal const val DUE_TIMES = "SELECT (SELECT min(ends_at) FROM approvals WHERE status = 'pending') AS ends, " +
            "(SELECT min(escalates_at) FROM approvals WHERE escalates_at IS NOT NULL) AS escalates, " +
            "(SELECT min(erase_at) FROM approvals WHERE erase_at IS NOT NULL) AS erases"
        internal const val WITH_KEY =
            "SELECT question, progress, version FROM approvals WHERE decided_at < :before AND dedup_key IS NOT NULL ORDER BY decided_at"
        internal const val PENDING =
            "SELECT count(*) FROM (SELECT 1 FROM approvals " +
                "WHERE requester_id = :requester AND mode = :mode AND status = 'pending' LIMIT :limit) AS open"
        private const val MOST_BOUND = 256

        /** In any case: to one of the engines they are the same. */
        private val RUN = Regex("\"execution\":", RegexOption.IGNORE_CASE)
        private const val JUDGED_BY = "SELECT 1 FROM electorate WHERE version = :judged_by"
        private const val SELECT = "SELECT question, progress, version FROM approvals"

        internal const val HAPPENED =
            "SELECT e.seq, e.event, a.question, a.progress, a.version FROM events AS e JOIN approvals AS a ON a.id = e.approval_id " +
                "WHERE e.mode = 'live' AND e.seq > :seq ORDER BY e.seq LIMIT :limit"

        @OptIn(ExperimentalSerializationApi::class)
        private val json = Json {
            ignoreUnknownKeys = true
            exceptionsWithDebugInfo = false // a row that can't be read is logged, and never with what people were asked
        }

        @Suppress("UNUSED_PARAMETER") // the shape of JDBI's RowMapper
        private fun decided(row: ResultSet, context: StatementContext) = Decided(row.getLong("seq"), record(row, context).asDecided())

        private fun happened(row: ResultSet, context: StatementContext) =
            Happened(row.getLong("seq"), Event.valueOf(row.getString("event").uppercase()), record(row, context))

        @Suppress("UNUSED_PARAMETER")
        private fun record(row: ResultSet, context: StatementContext): ApprovalRecord = record(row(row))

        private fun record(row: Row) =
            ApprovalRecord(json.decodeFromString(row.question), json.decodeFromString<Progress>(row.progress), row.version)

        private fun row(row: ResultSet) = Row(row.getString("question"), row.getString("progress"), row.getInt("version"))
    }
}
