package dev.sesame.broker.store.postgres

import java.sql.Connection
import java.sql.SQLException

/** On which timeline this connection's server writes; 0 where it doesn't say. */
internal fun Connection.timeline(): Int = try {
    createStatement().use { statement -> statement.executeQuery(TIMELINE).use { if (it.next()) it.getInt(1) else 0 } }
} catch (problem: SQLException) {
    // Not every server that speaks the language has a log of this kind, or lets anybody ask.
    if (problem.sqlState.orEmpty().take(2) in setOf("08", "57")) throw problem
    0
}

/** The log's files are named by it. What a checkpoint has kept is older: a promotion doesn't wait for one. */
private const val TIMELINE =
    "SELECT CASE WHEN NOT pg_is_in_recovery() THEN ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END"
