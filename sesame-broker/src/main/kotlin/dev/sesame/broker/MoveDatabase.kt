package dev.sesame.broker

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.postgres.CommitUnknown
import dev.sesame.broker.store.postgres.fillPostgres
import dev.sesame.broker.store.sql.Arrived
import dev.sesame.broker.store.sql.moveRows
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.broker.store.sqlite.tablesOf
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** What [arrived] in its new place, and what the file is called that was left. */
internal class Moved(val arrived: Arrived, val leftAs: Path)

/**
 * Moves the database of the stopped broker in [directory], whole, into the empty PostgreSQL [to]: all in one transaction, which is committed
 * once the rows are counted and the audit there is verified. The file stays under another name, so that no broker goes on from it by mistake:
 * what was claimed there since could be claimed here once more. [CannotStart] says why where it wasn't, or isn't known to be.
 */
internal fun moveDatabase(directory: Path, to: DatabaseConfig): Moved = try {
    if (Files.notExists(BrokerDirectory.databaseIn(directory))) throw CannotStart("there is no database in $directory")
    BrokerDirectory.take(directory).use { dataDir ->
        val left = dataDir.database.resolveSibling("sesame.db.moved")
        if (Files.exists(left)) throw CannotStart("$left is there, from a move before this one: put it elsewhere first")
        val moved = SqliteDatabase(dataDir.database).use { from ->
            runBlocking { from.read { source -> fillPostgres(to.toAddress()) { moveRows(tablesOf(source), source, it) } } }
        }
        try {
            Files.move(dataDir.database, left)
        } catch (problem: IOException) {
            throw CannotStart("all was moved to ${to.place()}, but ${dataDir.database} can't be renamed: start no broker from it", problem)
        }
        Moved(moved, left)
    }
} catch (problem: CommitUnknown) {
    throw CannotStart("whether all was moved to ${to.place()} is not known, since ${problem.message}: look there before you start", problem)
} catch (problem: StoreUnavailable) {
    throw CannotStart("nothing was moved to ${to.place()}: ${problem.message}", problem)
}
