package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.DistantBell
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withContext
import org.jdbi.v3.core.Jdbi
import org.jdbi.v3.core.JdbiException
import org.postgresql.PGConnection
import org.slf4j.LoggerFactory
import java.sql.SQLException
import javax.sql.DataSource
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * NOTIFY and LISTEN. Never in a transaction that writes: PostgreSQL lets those commit one after the other, for all databases of the server.
 * A pooler that lends connections by the transaction carries no LISTEN; then the others' regular looks must do.
 */
internal class PostgresBell(private val pool: Jdbi, private val connections: DataSource) : DistantBell {
    private val news = Channel<Unit>(Channel.CONFLATED)

    override fun ring() {
        news.trySend(Unit)
    }

    override suspend fun carry() {
        for (ring in news) {
            try {
                withContext(Dispatchers.IO) { pool.useHandle<RuntimeException> { it.createQuery(NOTIFY).map { _, _ -> true }.one() } }
            } catch (problem: JdbiException) {
                log.debug("The others weren't rung: they look by themselves", problem)
            }
            delay(GATHERING)
        }
    }

    override suspend fun listen(rung: () -> Unit): Unit = withContext(Dispatchers.IO) {
        while (isActive) {
            try {
                connections.connection.use { connection ->
                    connection.createStatement().use { it.execute("LISTEN $CHANNEL") }
                    rung() // what was rung before is not heard any more
                    val ears = connection.unwrap(PGConnection::class.java)
                    while (isActive) if (!ears.getNotifications(LISTENS_MS).isNullOrEmpty()) rung()
                }
            } catch (problem: SQLException) {
                log.warn("Other brokers' rings aren't heard: until they are, there is a look a few times a second ({})", problem.sqlState)
                delay(AFTER_FAULT)
            }
        }
    }

    private companion object {
        val log = LoggerFactory.getLogger("dev.sesame.broker.store")!!
        const val CHANNEL = "sesame_events"

        /** It carries nothing that would have to outlive the server, so its flush needn't be waited for. */
        const val NOTIFY = "SELECT set_config('synchronous_commit', 'off', true), pg_notify('$CHANNEL', '')"
        val GATHERING = 25.milliseconds
        val AFTER_FAULT = 5.seconds

        /** So long, at most, it takes to notice that this broker stops. */
        const val LISTENS_MS = 500
    }
}
