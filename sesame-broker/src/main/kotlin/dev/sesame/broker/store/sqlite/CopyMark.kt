package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.beginEpoch
import org.jdbi.v3.core.Handle
import java.sql.Connection
import java.time.Instant

// SQLite keeps a number for its user in the head of a file. It needs no table, so a copy of an older schema can be marked as well.
private const val MARK = 1

/** Says in a copy that no broker has begun on it yet. */
internal fun markAsCopy(connection: Connection) {
    connection.createStatement().use { it.execute("PRAGMA user_version = $MARK") }
}

/** Begins an epoch, called [id], where this is a copy on which no broker has begun yet; `false`: it is none. Each copy of a copy begins its own. */
internal suspend fun beginOnCopy(database: SqlDatabase, id: String, at: Instant): Boolean {
    if (!database.read { it.isCopy() }) return false
    return database.write { handle ->
        handle.isCopy().also {
            if (it) handle.beginEpoch(id, at)
            handle.execute("PRAGMA user_version = 0")
        }
    }
}

private fun Handle.isCopy(): Boolean = createQuery("PRAGMA user_version").mapTo(Int::class.javaObjectType).one() == MARK
