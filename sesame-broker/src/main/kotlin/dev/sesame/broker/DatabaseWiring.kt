package dev.sesame.broker

import dev.sesame.broker.audit.AuditReader
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.Together
import dev.sesame.broker.store.postgres.PostgresAddress
import dev.sesame.broker.store.postgres.PostgresDatabase
import dev.sesame.broker.store.postgres.readPostgres
import dev.sesame.broker.store.sql.SqlAuditReader
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.broker.store.sqlite.copyDatabase
import dev.sesame.broker.store.sqlite.readDatabase
import java.nio.file.Path

/** The database that [config] names, open and with the newest schema: a PostgreSQL, or the file in [dataDir]. */
internal fun openDatabase(config: BrokerConfig, dataDir: BrokerDirectory): SqlDatabase = try {
    config.database?.let(::openPostgres) ?: SqliteDatabase(dataDir.database)
} catch (problem: StoreUnavailable) {
    throw CannotStart("the database can't be opened: ${problem.message}", problem)
}

private fun openPostgres(config: DatabaseConfig): SqlDatabase = try {
    PostgresDatabase(config.toAddress())
} catch (problem: StoreUnavailable) {
    throw problem // it says more
} catch (problem: RuntimeException) {
    throw StoreUnavailable("the PostgreSQL at ${config.place()} can't be brought to this broker's schema: ${problem.firstLine()}", problem)
}

/** What several brokers on [database] need; `null` where it is this broker's alone. [newName] makes this one's name among them. */
internal fun togetherOn(database: SqlDatabase, newName: () -> String): Together? = (database as? PostgresDatabase)?.together(newName())

/** Writes a consistent copy of the database [from] to the new file [to]; `StoreUnavailable` where that fails. */
internal fun backUp(from: Path, to: Path): Unit = copyDatabase(from, to)

/** Gives [look] the audit in the database [file], as of one moment and without changing anything; `StoreUnavailable` where that fails. */
internal fun <T> readAudit(file: Path, look: (AuditReader) -> T): T = readDatabase(file) { look(SqlAuditReader(it)) }

/** The same of a PostgreSQL. */
internal fun <T> readAudit(database: DatabaseConfig, look: (AuditReader) -> T): T =
    readPostgres(database.toAddress()) { look(SqlAuditReader(it)) }

/** For people: where it is, and never a password. */
internal fun DatabaseConfig.place(): String = "${toAddress()}"

/** What is wrong with the address of a PostgreSQL; `null`: nothing. */
internal fun databaseUrlProblem(url: String): String? = PostgresAddress.problem(url)

internal fun DatabaseConfig.toAddress() = PostgresAddress(url, user, password?.clear)
