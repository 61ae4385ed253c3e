package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sql.silentJdbi
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.JdbiException
import org.jdbi.v3.core.transaction.TransactionIsolationLevel.REPEATABLE_READ

/** Gives [look] the database at [address] as of one moment, in a transaction that can only read. */
internal fun <T> readPostgres(address: PostgresAddress, look: (Handle) -> T): T {
    val connections = NewestPrimary(address.connections())
    firstContact(connections, "$address")
    return try {
        silentJdbi(connections).withHandle<T, RuntimeException> { handle ->
            handle.isReadOnly = true
            handle.inTransaction<T, RuntimeException>(REPEATABLE_READ) { look(it) }
        }
    } catch (problem: JdbiException) {
        throw StoreUnavailable(
            "the PostgreSQL at $address can't be read as a broker's database of this version: ${problem.cause?.message ?: problem.message}",
            problem,
        )
    }
}
