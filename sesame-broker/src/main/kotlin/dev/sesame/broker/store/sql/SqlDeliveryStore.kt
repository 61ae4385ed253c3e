package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.deliveredFact
import dev.sesame.broker.delivery.Attempt
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.broker.store.DeliveryQuery
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.broker.store.Next
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Deliveries in SQL. The time at which a lease ends is its proof: whoever holds another one stores nothing. */
internal class SqlDeliveryStore(private val database: SqlDatabase) : DeliveryStore {
    override suspend fun areOwed(): Boolean = database.read { it.createQuery(ARE_OWED).mapTo(INT).findOne().isPresent }

    override suspend fun lanesDue(now: Instant): List<String> = database.read {
        it.createQuery(LANES_DUE).bind("now", now.toEpochMilli()).mapTo(String::class.java).list()
    }

    override suspend fun lease(wanted: Map<String, Int>, now: Instant, until: Instant): List<Delivery> = database.write { handle ->
        wanted.flatMap { (lane, count) ->
            handle.createQuery(
                "UPDATE deliveries SET lease_until = :until WHERE id IN (SELECT id FROM deliveries " +
                    "WHERE lane = :lane AND $DUE ORDER BY next_at, id LIMIT :count) RETURNING *",
            )
                .bind("lane", lane)
                .bind("now", now.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .bind("count", count)
                .map(::delivery).list().sortedBy { it.nextAt }
        }
    }

    override suspend fun takeBackLeases(except: Set<String>) = database.write { handle ->
        val others = if (except.isEmpty()) "" else " AND id NOT IN (<except>)"
        val update = handle.createUpdate(
            "UPDATE deliveries SET lease_until = NULL, state = ${heldOr("state")} WHERE lease_until IS NOT NULL$others",
        )
        if (except.isNotEmpty()) update.bindList("except", except.toList())
        update.execute()
        Unit
    }

    override suspend fun record(delivery: Delivery, until: Instant, attempt: Attempt, next: Next): Instant? = database.write { handle ->
        if (handle.goOn(delivery, until, attempt, next) == 1) {
            handle.append(delivery, attempt)
            if (attempt.isDelivered) handle.audit(deliveredFact(delivery), attempt.at)
            delivery.endpointId?.let { handle.remember(it, attempt) }
        } else {
            null
        }
    }

    override suspend fun delivery(id: String): Delivery? =
        database.read { it.createQuery("SELECT * FROM deliveries WHERE id = :id").bind("id", id).map(::delivery).findOne().orElse(null) }

    override suspend fun attempts(deliveryId: String, limit: Int): List<Attempt> = database.read {
        it.createQuery("SELECT * FROM attempts WHERE delivery_id = :id ORDER BY number DESC LIMIT :limit")
            .bind("id", deliveryId)
            .bind("limit", limit)
            .map(::attempt).list().reversed()
    }

    override suspend fun deliveries(query: DeliveryQuery): List<Delivery> = database.read { handle ->
        val conditions = listOfNotNull(
            query.requesterId?.let { "requester_id = :requester" },
            query.endpointId?.let { "endpoint_id = :endpoint" },
            query.approvalId?.let { "approval_id = :approval" },
            query.state?.let { "state = :state" },
            query.olderThan?.let { "(created_at < :created OR (created_at = :created AND id < :id))" },
        )
        val where = if (conditions.isEmpty()) "" else conditions.joinToString(" AND ", prefix = "WHERE ")
        val statement = handle.createQuery("SELECT * FROM deliveries $where ORDER BY created_at DESC, id DESC LIMIT :limit")
            .bind("limit", query.limit)
        query.requesterId?.let { statement.bind("requester", it) }
        query.endpointId?.let { statement.bind("endpoint", it) }
        query.approvalId?.let { statement.bind("approval", it) }
        query.state?.let { statement.bind("state", it.name.lowercase()) }
        query.olderThan?.let { statement.bind("created", it.createdAt.toEpochMilli()).bind("id", it.id) }
        statement.map(::delivery).list()
    }

    override suspend fun redeliver(id: String, at: Instant): Boolean = database.write { handle ->
        val due = handle.createUpdate(
            "UPDATE deliveries SET state = ${heldOr("'pending'")}, next_at = :at, failures = 0, ended_at = NULL " +
                "WHERE id = :id AND lease_until IS NULL",
        )
            .bind("id", id)
            .bind("at", at.toEpochMilli())
            .execute()
        due == 1 || handle.createQuery("SELECT count(*) FROM deliveries WHERE id = :id").bind("id", id).mapTo(INT).one() == 1
    }

    override suspend fun count(state: DeliveryState, atMost: Int): Int = database.read {
        it.createQuery("SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE state = :state LIMIT :limit) AS counted")
            .bind("state", state.name.lowercase())
            .bind("limit", atMost)
            .mapTo(INT).one()
    }

    override suspend fun oldest(state: DeliveryState): Instant? = database.read {
        it.createQuery("SELECT created_at FROM deliveries WHERE state = :state ORDER BY created_at, id LIMIT 1")
            .bind("state", state.name.lowercase())
            .map { row, _ -> row.instant("created_at")!! }.findOne().orElse(null)
    }

    private fun Handle.goOn(delivery: Delivery, until: Instant, attempt: Attempt, next: Next): Int = createUpdate(
        "UPDATE deliveries SET state = ${if (next.at == null) ":state" else heldOr(":state")}, next_at = :next, " +
            "attempts = attempts + 1, failures = failures + :failed, lease_until = NULL, ended_at = :ended " +
            "WHERE id = :id AND lease_until = :until",
    )
        .bind("id", delivery.id)
        .bind("until", until.toEpochMilli())
        .bind("state", next.state.name.lowercase())
        .bind("next", next.at?.toEpochMilli())
        .bind("failed", if (attempt.isDelivered) 0 else 1)
        .bind("ended", if (next.at == null) attempt.at.toEpochMilli() + attempt.durationMillis else null)
        .execute()

    private fun Handle.append(delivery: Delivery, attempt: Attempt) {
        createUpdate(
            "INSERT INTO attempts (delivery_id, number, at, duration_ms, status, failure, answer) " +
                "SELECT :id, attempts, :at, :duration, :status, :failure, :answer FROM deliveries WHERE id = :id",
        )
            .bind("id", delivery.id)
            .bind("at", attempt.at.toEpochMilli())
            .bind("duration", attempt.durationMillis)
            .bind("status", attempt.status)
            .bind("failure", attempt.failure)
            .bind("answer", attempt.answer)
            .execute()
    }

    /** Keeps, and returns, since when the endpoint has failed. */
    private fun Handle.remember(endpointId: String, attempt: Attempt): Instant? {
        createUpdate(
            if (attempt.isDelivered) {
                "UPDATE endpoints SET failing_since = NULL WHERE id = :id AND failing_since IS NOT NULL"
            } else {
                "UPDATE endpoints SET failing_since = ${attempt.at.toEpochMilli()} WHERE id = :id AND failing_since IS NULL"
            },
        ).bind("id", endpointId).execute()
        return createQuery("SELECT failing_since FROM endpoints WHERE id = :id")
            .bind("id", endpointId)
            .map { row, _ -> java.util.Optional.ofNullable(row.instant("failing_since")) }.one().orElse(null)
    }

    private companion object {
        val INT = Int::class.javaObjectType
        const val ARE_OWED = "SELECT 1 FROM deliveries WHERE state = 'pending' LIMIT 1"
        const val DUE = "state = 'pending' AND next_at <= :now AND (lease_until IS NULL OR lease_until <= :now)"

        /** Steps from lane to lane through the index, so that a long queue in one costs nothing. */
        const val LANES_DUE = "WITH RECURSIVE lanes (name) AS (" +
            "SELECT min(lane) FROM deliveries WHERE state = 'pending' UNION ALL " +
            "SELECT (SELECT min(lane) FROM deliveries WHERE state = 'pending' AND lane > name) FROM lanes WHERE name IS NOT NULL) " +
            "SELECT name FROM (SELECT name, (SELECT min(next_at) FROM deliveries WHERE lane = name AND $DUE) AS since FROM lanes) AS due " +
            "WHERE since IS NOT NULL ORDER BY since, name"

        fun heldOr(state: String) = "CASE WHEN EXISTS (SELECT 1 FROM endpoints AS e " +
            "WHERE e.id = deliveries.endpoint_id AND e.disabled_at IS NOT NULL) THEN 'held' ELSE $state END"
    }
}

internal fun delivery(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Delivery(
    id = row.getString("id"),
    approvalId = row.getString("approval_id"),
    requesterId = row.getString("requester_id"),
    url = row.getString("url"),
    endpointId = row.getString("endpoint_id"),
    lane = row.getString("lane"),
    state = DeliveryState.valueOf(row.getString("state").uppercase()),
    createdAt = row.instant("created_at")!!,
    nextAt = row.instant("next_at"),
    attempts = row.getInt("attempts"),
    failures = row.getInt("failures"),
    endedAt = row.instant("ended_at"),
)

private fun attempt(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Attempt(
    row.instant("at")!!,
    row.getLong("duration_ms"),
    row.getInt("status").takeUnless { row.wasNull() },
    row.getString("failure"),
    row.getString("answer"),
)
