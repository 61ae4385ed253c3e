package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.StoreUnavailable
import java.sql.Connection
import java.sql.SQLException
import javax.sql.DataSource

/** Looks whether the server at [place] can be used at all, and says in a line what is wrong where it can't. */
internal fun firstContact(source: DataSource, place: String, least: Int = LEAST_VERSION) {
    try {
        source.connection.use { connection ->
            val version = connection.metaData.databaseMajorVersion
            if (version < least) throw StoreUnavailable("the PostgreSQL at $place is of version $version: $least is the least that will do")
            if (connection.answer("SELECT current_schema()") == null) {
                throw StoreUnavailable(
                    "the PostgreSQL at $place has no schema for this user: create one, or name it in the URL (currentSchema)",
                )
            }
        }
    } catch (problem: SQLException) {
        throw StoreUnavailable(said(problem, place), problem)
    }
}

private fun Connection.answer(sql: String): String? =
    createStatement().use { statement -> statement.executeQuery(sql).use { if (it.next()) it.getString(1) else null } }

private fun said(problem: SQLException, place: String): String = when (problem.sqlState) {
    "28P01", "28000" -> "the PostgreSQL at $place refuses this user or password: ${line(problem)}"
    "3D000" -> "the PostgreSQL at $place has no such database: create it first"
    "08001", "08006", "57P03" -> "no PostgreSQL answers at $place: ${line(problem)}"
    else -> "the PostgreSQL at $place can't be used: ${line(problem)}"
}

private fun line(problem: SQLException) = problem.message.orEmpty().lineSequence().first()

/** Its makers mend none that is older. */
internal const val LEAST_VERSION = 14
