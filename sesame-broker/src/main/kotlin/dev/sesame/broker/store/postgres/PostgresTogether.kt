package dev.sesame.broker.store.postgres

import dev.sesame.Mode
import dev.sesame.broker.store.Committed
import dev.sesame.broker.store.DistantBell
import dev.sesame.broker.store.EventTail
import dev.sesame.broker.store.Together
import dev.sesame.broker.store.WorkLease
import dev.sesame.broker.store.sql.SqlDatabase
import java.time.Instant

/** Several brokers on one PostgreSQL; [holder] names this one among them. */
internal class PostgresTogether(
    private val database: SqlDatabase,
    holder: String,
    override val bell: DistantBell,
    private val lookAround: suspend () -> Unit,
) : Together {
    override val workLease: WorkLease = PostgresWorkLease(database, holder)
    override val events: EventTail = PostgresEventTail(database)

    override suspend fun revokedOf(credentialIds: Set<String>): Set<String> = database.read { handle ->
        credentialIds.chunked(MOST_BOUND).flatMapTo(HashSet()) { some ->
            val sessions = some.filter { it.startsWith("ss_") }
            val ended = if (sessions.isEmpty()) {
                emptySet()
            } else {
                sessions - handle.createQuery("SELECT id FROM sessions WHERE id IN (<ids>)").bindList("ids", sessions)
                    .mapTo(String::class.java).set()
            }
            ended + handle.createQuery(REVOKED).bindList("ids", some).mapTo(String::class.java).list()
        }
    }

    override suspend fun electorateVersion(): Long =
        database.read { it.createQuery("SELECT version FROM electorate").mapTo(Long::class.javaObjectType).one() }

    override suspend fun time(): Instant =
        database.read { handle -> handle.createQuery(NOW).map { row, _ -> Instant.ofEpochMilli(row.getLong(1)) }.one() }

    override suspend fun seekNewest() = lookAround()

    private companion object {
        const val REVOKED = "SELECT id FROM api_keys WHERE id IN (<ids>) AND revoked_at IS NOT NULL " +
            "UNION ALL SELECT id FROM approvers WHERE id IN (<ids>) AND revoked_at IS NOT NULL"
        const val NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
        const val MOST_BOUND = 500
    }
}

private class PostgresEventTail(private val database: SqlDatabase) : EventTail {
    override suspend fun newest(): Long =
        database.read { it.createQuery("SELECT coalesce(max(seq), 0) FROM events").mapTo(Long::class.javaObjectType).one() }

    override suspend fun after(seq: Long, limit: Int): List<Committed> = database.read { handle ->
        handle.createQuery(
            "SELECT seq, approval_id, requester_id, mode, is_decision FROM events WHERE seq > :seq ORDER BY seq LIMIT :limit",
        )
            .bind("seq", seq)
            .bind("limit", limit)
            .map { row, _ ->
                Committed(
                    row.getLong("seq"),
                    row.getString("approval_id"),
                    row.getString("requester_id"),
                    Mode.of(row.getString("mode")),
                    row.getInt("is_decision") == 1,
                )
            }.list()
    }
}

/** A row in `leases`. It is changed apart from the queue of writes: a broker under load keeps it. */
private class PostgresWorkLease(private val database: SqlDatabase, private val holder: String) : WorkLease {
    override suspend fun take(): Long? = database.read { handle ->
        handle.createQuery(
            "INSERT INTO leases (name, holder, term, until) VALUES ('$WORK', :holder, 1, $END) ON CONFLICT (name) DO UPDATE " +
                "SET holder = :holder, term = leases.term + 1, until = $END WHERE leases.until <= clock_timestamp() RETURNING term",
        ).bind("holder", holder).mapTo(Long::class.javaObjectType).findOne().orElse(null)
    }

    override suspend fun renew(term: Long): Boolean = database.read { handle ->
        handle.createUpdate("UPDATE leases SET until = $END WHERE $MINE AND until > clock_timestamp()")
            .bind("holder", holder)
            .bind("term", term)
            .execute() == 1
    }

    override suspend fun leave(term: Long) = database.read { handle ->
        handle.createUpdate("UPDATE leases SET until = clock_timestamp() WHERE $MINE").bind("holder", holder).bind("term", term).execute()
        Unit
    }

    private companion object {
        const val WORK = "work"
        const val MINE = "name = '$WORK' AND holder = :holder AND term = :term"
        const val END = "clock_timestamp() + interval '${WorkLease.LASTS_MS} milliseconds'"
    }
}
