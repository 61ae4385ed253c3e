package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sql.Arrived
import dev.sesame.broker.store.sql.arrivedBefore
import dev.sesame.broker.store.sql.auditHead
import dev.sesame.broker.store.sql.cameTo
import dev.sesame.broker.store.sql.isOlder
import dev.sesame.broker.store.sql.moveRows
import dev.sesame.broker.store.sql.silentJdbi
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.JdbiException
import org.sqlite.SQLiteConfig
import org.sqlite.SQLiteConfig.JournalMode
import org.sqlite.SQLiteConfig.SynchronousMode
import org.sqlite.SQLiteConfig.TransactionMode
import org.sqlite.SQLiteDataSource
import java.nio.file.Path

/**
 * The embedded database while it is moved elsewhere, perhaps beside a running broker.
 *
 * First it takes the one right to write that SQLite has: whoever else wants to write is refused, for as long as this process lives and holds it.
 * Then it seals the file, in the same transaction: a trigger on each table refuses every change, whichever broker tries, of whatever version.
 * Only then may the other place count. So at no moment can both be written, and a death of anybody leaves one of them that can, or a seal that
 * says where the rest is to be looked for.
 */
internal class MovingFile(file: Path) : AutoCloseable {
    private val source = source(file)
    private val handle: Handle = try {
        silentJdbi(source).open().also { it.seal() }
    } catch (problem: JdbiException) {
        throw StoreUnavailable("$file can't be opened as a broker's database: ${problem.cause?.message}", problem)
    }

    /** Where it was to be moved, once it is sealed. */
    val sealedFor: String? get() = handle.seal()?.place

    /** Whether the schema isn't the newest. */
    val isOlder: Boolean get() = isOlder(source, "db/sqlite")

    /**
     * Copies all of it into the transaction that [target] is in, verifies it there, and seals it: where that transaction is committed, the file
     * was moved to [place]. Where an earlier move arrived, whose end nobody saw, there is nothing to copy.
     */
    fun moveInto(target: Handle, place: String, at: (MoveStep) -> Unit): Arrived {
        hold()
        at(MoveStep.HELD)
        val tables = tablesOf(handle)
        val wasCutOff = handle.seal() != null && handle.auditHead()?.let(target::cameTo) == true
        val arrived = if (wasCutOff) arrivedBefore(tables, handle) else moveRows(tables, handle, target)
        at(MoveStep.COPIED)
        seal(place)
        at(MoveStep.SEALED)
        return arrived
    }

    private fun hold() = orSay("its broker never stops to write, or it is being moved already") {
        handle.begin()
    }

    private fun seal(place: String) {
        if (handle.seal() == null) {
            val text = "this database was moved to $place, or is about to be".replace("'", "''")
            tables().forEach { table ->
                CHANGES.forEach {
                    handle.execute("CREATE TRIGGER sealed_${it}_$table BEFORE $it ON $table BEGIN SELECT RAISE(ABORT, '$text'); END")
                }
            }
            handle.execute("CREATE TABLE $SEAL (place TEXT NOT NULL, is_done INTEGER NOT NULL)")
            handle.execute("INSERT INTO $SEAL VALUES (?, 0)", place)
        }
        handle.commit()
    }

    /** All of it is there: a broker that still runs on it may end. */
    fun finish() = orSay("it can't be said in the file") {
        handle.execute("UPDATE $SEAL SET is_done = 1")
        handle.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /** As before the seal, unless all of it arrived in [target]; without one, somebody is sure that the place is no more. */
    fun takeBack(target: Handle?) {
        val seal = handle.seal() ?: throw StoreUnavailable("no move of it was begun")
        val hasArrived = seal.isDone || (target != null && handle.auditHead()?.let(target::cameTo) == true)
        if (hasArrived) throw StoreUnavailable("all of it is at ${seal.place}, and may have gone on there")
        orSay("the seal can't be taken off") {
            handle.useTransaction<RuntimeException> {
                tables().forEach { table -> CHANGES.forEach { handle.execute("DROP TRIGGER IF EXISTS sealed_${it}_$table") } }
                handle.execute("DROP TABLE $SEAL")
            }
        }
    }

    private fun orSay(what: String, step: () -> Unit) = try {
        step()
    } catch (problem: JdbiException) {
        throw StoreUnavailable("$what: ${problem.cause?.message}", problem)
    }

    override fun close() {
        handle.use { if (it.isInTransaction) it.rollback() }
    }

    private fun tables() = tablesOf(handle).map { it.name }

    private fun source(file: Path): SQLiteDataSource {
        val config = SQLiteConfig().apply {
            setJournalMode(JournalMode.WAL)
            setSynchronous(SynchronousMode.FULL)
            transactionMode = TransactionMode.IMMEDIATE
            busyTimeout = BUSY_MS
        }
        return SQLiteDataSource(config).apply { url = "jdbc:sqlite:$file" }
    }

    private companion object {
        val CHANGES = listOf("INSERT", "UPDATE", "DELETE")

        /** A broker under load lets go of it between two of its transactions. */
        const val BUSY_MS = 30_000
    }
}

/** The moments of a move, in their order: what a death between two of them leaves is held to tests. */
internal enum class MoveStep { HELD, COPIED, SEALED, COMMITTED, FINISHED }

/** Where a sealed database was to be moved, and whether all of it is there. */
internal class Seal(val place: String, val isDone: Boolean)

/** `null`: it isn't sealed. */
internal fun Handle.seal(): Seal? {
    val isSealed = createQuery("SELECT count(*) FROM sqlite_master WHERE name = '$SEAL'").mapTo(Int::class.javaObjectType).one() == 1
    if (!isSealed) return null
    return createQuery("SELECT place, is_done FROM $SEAL").map { row, _ -> Seal(row.getString("place"), row.getInt("is_done") == 1) }.one()
}

/** No part of the schema: only a sealed database has it. */
internal const val SEAL = "moved"
