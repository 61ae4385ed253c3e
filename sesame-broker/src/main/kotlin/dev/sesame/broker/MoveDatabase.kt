package dev.sesame.broker

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.postgres.fillPostgres
import dev.sesame.broker.store.sql.Arrived
import dev.sesame.broker.store.sql.moveRows
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.broker.store.sqlite.tablesOf
import kotlinx.coroutines.runBlocking
import java.nio.file.Files
import java.nio.file.Path

/** What [arrived] in its new place, and what the file is called that was left. */
internal class Moved(val arrived: Arrived, val leftAs: Path)

/**
 * Moves the database of the stopped broker in [directory], whole, into the empty PostgreSQL [to]: all in one transaction, which is committed
 * once the rows are counted and the audit there is verified. The file stays under another name, so that no broker goes on from it by mistake:
 * what was claimed there since could be claimed here once more. [CannotStart] where it can't be moved; then nothing was.
 */
internal fun moveDatabase(directory: Path, to: DatabaseConfig): Moved = try {
    if (Files.notExists(BrokerDirectory.databaseIn(directory))) throw CannotStart("there is no database in $directory")
    BrokerDirectory.take(directory).use { dataDir ->
        val moved = SqliteDatabase(dataDir.database).use { from ->
            runBlocking { from.read { source -> fillPostgres(to.toAddress()) { moveRows(tablesOf(source), source, it) } } }
        }
        val left = dataDir.database.resolveSibling("sesame.db.moved")
        Files.move(dataDir.database, left)
        Moved(moved, left)
    }
} catch (problem: StoreUnavailable) {
    throw CannotStart("nothing was moved to ${to.place()}: ${problem.message}", problem)
}
