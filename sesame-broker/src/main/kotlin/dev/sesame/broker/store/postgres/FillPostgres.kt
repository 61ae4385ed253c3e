package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sql.migrate
import dev.sesame.broker.store.sql.silentJdbi
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.JdbiException
import java.sql.SQLException

/** The commit was sent, and its answer lost. */
internal class CommitUnknown(cause: Throwable) : RuntimeException("the answer to the commit was lost", cause)

private fun committed(handle: Handle) = try {
    handle.commit()
} catch (problem: JdbiException) {
    throw CommitUnknown(problem)
}

/** Runs [fill] in one transaction on the PostgreSQL at [address], with the newest schema; no broker writes there meanwhile. */
internal fun <T> fillPostgres(address: PostgresAddress, fill: (Handle) -> T): T {
    val connections = NewestPrimary(address.connections().apply { reWriteBatchedInserts = true })
    firstContact(connections, "$address")
    migrate(connections, at = "db/postgres")
    return try {
        silentJdbi(connections).withHandle<T, RuntimeException> { handle ->
            handle.begin() // left without a commit, it is rolled back with the connection
            handle.createQuery(WriterTurns.TAKE_TURN).map { _, _ -> true }.one()
            // It takes as long as it takes.
            handle.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            fill(handle).also { committed(handle) }
        }
    } catch (problem: JdbiException) {
        throw StoreUnavailable("it can't be filled: ${problem.message}", problem)
    } catch (problem: SQLException) {
        throw StoreUnavailable("it can't be filled: ${problem.message?.lineSequence()?.first()}", problem)
    }
}
