package dev.sesame.broker

import dev.sesame.broker.access.Ids
import dev.sesame.broker.audit.AuditReader
import dev.sesame.broker.store.EpochStore
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.Together
import dev.sesame.broker.store.postgres.PostgresAddress
import dev.sesame.broker.store.postgres.PostgresDatabase
import dev.sesame.broker.store.postgres.readPostgres
import dev.sesame.broker.store.sql.SqlAuditReader
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.SqlEpochStore
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.broker.store.sqlite.beginOnCopy
import dev.sesame.broker.store.sqlite.copyDatabase
import dev.sesame.broker.store.sqlite.readDatabase
import dev.sesame.broker.store.sqlite.seal
import kotlinx.coroutines.runBlocking
import org.slf4j.LoggerFactory
import java.nio.file.Files
import java.nio.file.Path
import java.time.Clock
import java.time.Instant
import java.time.ZoneOffset

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

/** Where [database] was moved, once all of it is there; for a broker that still runs on it. */
internal fun movedFrom(database: SqlDatabase): suspend () -> String? =
    { (database as? SqliteDatabase)?.read { it.seal() }?.takeIf { it.isDone }?.place }

/** The epoch of [database]; where it is a copy on which no broker has begun yet, a new one, called [newId]. */
internal suspend fun epochOf(database: SqlDatabase, epochs: EpochStore, newId: String, at: Instant): String {
    if (database is SqliteDatabase && beginOnCopy(database, newId, at)) {
        log.warn("This database was restored from a backup: a new epoch begins ({}), and no cursor from before holds", newId)
    }
    return epochs.current()
}

/**
 * Begins a new epoch in the database of the stopped broker in [directory], or in the PostgreSQL [at], and returns its name; [CannotStart] where
 * it can't.
 */
internal fun beginEpoch(directory: Path, at: DatabaseConfig?): String = try {
    if (at == null && Files.notExists(BrokerDirectory.databaseIn(directory))) throw CannotStart("there is no database in $directory")
    val dataDir = if (at == null) BrokerDirectory.take(directory) else null
    dataDir.use {
        (at?.let(::openPostgres) ?: SqliteDatabase(BrokerDirectory.databaseIn(directory))).use { database ->
            runBlocking {
                val now = Clock.tickMillis(ZoneOffset.UTC).instant()
                val id = Ids(secureRandom()).bare()
                if (database !is SqliteDatabase || !beginOnCopy(database, id, now)) SqlEpochStore(database).begin(id, now)
                id
            }
        }
    }
} catch (problem: StoreUnavailable) {
    throw CannotStart("no epoch was begun: ${problem.message}", problem)
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

private val log = LoggerFactory.getLogger("dev.sesame.broker")

internal fun DatabaseConfig.toAddress() = PostgresAddress(url, user, password?.clear)
