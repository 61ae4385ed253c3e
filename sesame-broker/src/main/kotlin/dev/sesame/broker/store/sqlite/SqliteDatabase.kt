package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sql.GroupCommit
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.Transactions
import dev.sesame.broker.store.sql.migrate
import dev.sesame.broker.store.sql.silentJdbi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.JdbiException
import org.sqlite.SQLiteConfig
import org.sqlite.SQLiteConfig.JournalMode
import org.sqlite.SQLiteConfig.SynchronousMode
import org.sqlite.SQLiteConfig.TransactionMode
import org.sqlite.SQLiteDataSource
import java.nio.file.Path
import java.util.concurrent.ArrayBlockingQueue

/**
 * The embedded database: one file in WAL mode, every commit flushed (`synchronous=FULL`), one writer with group commit, a few readers.
 *
 * Measured on kills and flushes in `perf.md`'s terms: no acknowledged commit was lost.
 */
internal class SqliteDatabase(file: Path) : SqlDatabase {
    private val source = source(file, TransactionMode.DEFERRED)
    private val jdbi = jdbi(source)
    private val readers = ArrayBlockingQueue<Handle>(READERS)
    private val readerThreads = Dispatchers.IO.limitedParallelism(READERS)
    private val writer: GroupCommit

    init {
        jdbi.useHandle<RuntimeException> { it.seal()?.refuse() }
        migrate(source, at = "db/sqlite")
        // Where another process holds the right to write, the transaction fails as a whole, and once, instead of each write in it.
        writer = GroupCommit(OneConnection(jdbi(source(file, TransactionMode.IMMEDIATE)).open()))
        try {
            repeat(READERS) { readers.add(jdbi.open().also { it.execute("PRAGMA query_only = true") }) }
        } catch (problem: Throwable) {
            writer.close()
            readers.forEach { it.close() }
            throw problem
        }
    }

    override suspend fun <T> write(block: (Handle) -> T): T = writer.write(block)

    override suspend fun <T> read(block: (Handle) -> T): T = withContext(readerThreads) {
        val handle = readers.take()
        try {
            block(handle)
        } catch (problem: JdbiException) {
            throw StoreUnavailable("the database can't be read: ${problem.message}", problem)
        } finally {
            readers.put(handle)
        }
    }

    override fun close() {
        writer.close()
        repeat(READERS) { readers.take().close() }
    }

    private fun jdbi(source: SQLiteDataSource) = silentJdbi(source).setStatementBuilderFactory { KeptStatements() }

    private fun source(file: Path, mode: TransactionMode): SQLiteDataSource {
        val config = SQLiteConfig().apply {
            setJournalMode(JournalMode.WAL)
            setSynchronous(SynchronousMode.FULL)
            enforceForeignKeys(true)
            transactionMode = mode
            busyTimeout = BUSY_MS
        }
        return SQLiteDataSource(config).apply { url = "jdbc:sqlite:$file" }
    }

    private fun Seal.refuse(): Nothing = throw StoreUnavailable(
        if (isDone) {
            "it was moved to $place: set SESAME_DATABASE_URL"
        } else {
            "a move of it to $place was cut off: run ./sesame migrate again, which looks there and goes on from what it finds"
        },
    )

    private companion object {
        const val READERS = 4
        const val BUSY_MS = 5_000
    }
}

/** Transactions over [handle], which nobody else uses. */
internal class OneConnection(private val handle: Handle) : Transactions {
    override fun run(writes: (Handle) -> Unit) = handle.useTransaction<RuntimeException> { writes(it) }

    override fun close() = handle.close()
}
