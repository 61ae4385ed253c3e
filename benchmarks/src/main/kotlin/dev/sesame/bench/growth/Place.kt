package dev.sesame.bench.growth

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PostgresProcess
import java.nio.file.Files
import java.nio.file.Path
import java.sql.Connection
import java.sql.DriverManager

/** A broker and its database, which is filled while the broker is stopped. */
internal class Place private constructor(
    val engine: String,
    val broker: BrokerProcess,
    private val connect: () -> Connection,
    private val tidy: List<String>,
    private val server: AutoCloseable?,
) : AutoCloseable {
    /** Gives [fill] the database; afterwards it is as after a quiet night, with what the engine would have tidied up by then. */
    fun <T> filled(fill: (Connection) -> T): T = connect().use { connection ->
        fill(connection).also {
            connection.autoCommit = true
            connection.createStatement().use { statement -> tidy.forEach { statement.execute(it) } }
        }
    }

    override fun close() {
        broker.close()
        server?.close()
    }

    companion object {
        val engines = listOf("sqlite", "postgres")

        /** One feed after the other is begun here, sooner than it is noticed that the last one ended. */
        private val MANY_FEEDS = mapOf("SESAME_LIMIT_FEEDS" to "10000")

        fun of(engine: String, scratch: Path): Place {
            val dir = Files.createDirectories(scratch.resolve(engine))
            return when (engine) {
                "sqlite" -> sqlite(dir)
                "postgres" -> postgres(dir)
                else -> throw IllegalArgumentException("--engines takes ${engines.joinToString()}, not $engine")
            }
        }

        private fun sqlite(dir: Path): Place {
            val broker = BrokerProcess(dir, environment = MANY_FEEDS)
            val url = "jdbc:sqlite:${broker.dataDir.resolve("sesame.db")}?synchronous=OFF&cache_size=-200000"
            return Place("SQLite", broker, { DriverManager.getConnection(url) }, listOf("PRAGMA wal_checkpoint(TRUNCATE)"), server = null)
        }

        private fun postgres(dir: Path): Place {
            val server = PostgresProcess(dir).apply { start() }
            val name = server.newDatabase()
            val broker = BrokerProcess(dir, environment = MANY_FEEDS + server.brokerEnvironment(name))
            val url = server.url(name) + "&reWriteBatchedInserts=true"
            return Place("PostgreSQL", broker, { DriverManager.getConnection(url) }, listOf("VACUUM ANALYZE"), server)
        }
    }
}
