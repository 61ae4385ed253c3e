package dev.sesame.broker.store.postgres

import com.zaxxer.hikari.HikariConfig
import com.zaxxer.hikari.HikariDataSource
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.Together
import dev.sesame.broker.store.sql.GroupCommit
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.migrate
import dev.sesame.broker.store.sql.silentJdbi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.jdbi.v3.core.ConnectionException
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.JdbiException
import javax.sql.DataSource
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/**
 * A PostgreSQL, for one broker or many. Every commit is flushed before it is answered; reads go to the primary, too, so that each sees what
 * was acknowledged before it. A pool keeps a few connections, and replaces those that break.
 *
 * Writes go as with the embedded database, one group after the other ([WriterTurns] says why): what the stores do between a read and a write
 * of theirs holds on both engines.
 */
internal class PostgresDatabase(address: PostgresAddress, private val time: TimeSource.WithComparableMarks = TimeSource.Monotonic) :
    SqlDatabase {
    private val connections = NewestPrimary(address.connections())
    private val pool: HikariDataSource
    private val readerThreads = Dispatchers.IO.limitedParallelism(CONNECTIONS - 1)
    private val writer: GroupCommit

    /** `null`: it was there whenever it was asked. */
    @Volatile private var awayUntil: ComparableTimeMark? = null
    private val jdbi by lazy { silentJdbi(pool).registerArgument(WithoutNul()) }

    init {
        firstContact(connections, "$address")
        migrate(connections, at = "db/postgres")
        pool = HikariDataSource(poolOf(connections))
        writer = GroupCommit(WriterTurns(jdbi))
    }

    override suspend fun <T> write(block: (Handle) -> T): T = writer.write(block)

    override suspend fun <T> read(block: (Handle) -> T): T = withContext(readerThreads) {
        refuseWhileAway()
        try {
            onLiving { jdbi.withHandle<T, RuntimeException> { block(it) } }
        } catch (problem: JdbiException) {
            if (problem is ConnectionException) awayUntil = time.markNow() + AWAY
            throw StoreUnavailable("the database can't be read: ${problem.message}", problem)
        }
    }

    /** What several brokers on it need; [holder] names this one. */
    fun together(holder: String): Together =
        PostgresTogether(this, holder, PostgresBell(jdbi, connections)) { withContext(Dispatchers.IO) { connections.lookAround() } }

    /** Where one caller waited for a connection in vain, those behind aren't held up by as long again: they hear of it at once. */
    private fun refuseWhileAway() {
        if (awayUntil?.hasNotPassedNow() == true) throw StoreUnavailable("the database is away")
    }

    override fun close() {
        writer.close()
        pool.close()
    }

    private fun poolOf(connections: DataSource) = HikariConfig().apply {
        dataSource = connections
        poolName = "sesame"
        maximumPoolSize = CONNECTIONS
        minimumIdle = IDLE_CONNECTIONS
        connectionTimeout = WAIT_MS
        validationTimeout = VALIDATION_MS
        // The default of a server or a role may be another one, under which a writer would look at what stood before its turn.
        transactionIsolation = "TRANSACTION_READ_COMMITTED"
        connectionInitSql = "SET statement_timeout = '30s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '10s'"
        exceptionOverrideClassName = ReadOnlyServer::class.java.name
    }

    private companion object {
        const val IDLE_CONNECTIONS = 2

        /** So long a caller waits for a connection until it is told to come back. */
        const val WAIT_MS = 3_000L
        const val VALIDATION_MS = 2_000L
        val AWAY = 500.milliseconds
    }
}
