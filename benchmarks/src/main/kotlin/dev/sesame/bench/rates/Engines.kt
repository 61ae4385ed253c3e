package dev.sesame.bench.rates

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PostgresProcess
import java.nio.file.Files
import java.nio.file.Path
import java.sql.DriverManager

/** The engines that were asked for, each with running brokers; they end with this. */
internal class Engines(private val scratch: Path, names: List<String>) : AutoCloseable {
    private val running = ArrayDeque<AutoCloseable>()
    val setups: List<Setup>

    init {
        try {
            setups = names.flatMap(::setupsOf)
        } catch (problem: Throwable) {
            close()
            throw problem
        }
    }

    private fun setupsOf(name: String): List<Setup> = when (name) {
        SQLITE -> listOf(sqlite())
        POSTGRES -> postgres()
        else -> throw IllegalArgumentException("--engines takes ${Engines.names.joinToString()}, not $name")
    }

    private fun sqlite(): Setup {
        val dir = Files.createDirectories(scratch.resolve(SQLITE))
        val broker = started(BrokerProcess(dir))
        val bare = "jdbc:sqlite:${dir.resolve("floor.db")}?journal_mode=WAL&synchronous=FULL&busy_timeout=30000"
        val floor = RowFloor { DriverManager.getConnection(bare) }
        return Setup("SQLite", listOf(broker), broker.apiKey, broker.adminToken, floor, dir)
    }

    private fun postgres(): List<Setup> {
        val dir = Files.createDirectories(scratch.resolve(POSTGRES))
        val server = PostgresProcess(dir).also(running::addFirst)
        server.start()
        val bare = server.newDatabase()
        val floor = RowFloor { server.connect(bare) }
        return listOf(1, 2).map { count ->
            val shared = server.brokerEnvironment(server.newDatabase())
            val brokers = List(count) {
                started(BrokerProcess(Files.createDirectories(dir.resolve("$count-$it")), environment = shared))
            }
            val name = if (count == 1) "PostgreSQL, one broker" else "PostgreSQL, two brokers"
            Setup(name, brokers, brokers.first().apiKey, brokers.first().adminToken, floor, dir)
        }
    }

    private fun started(broker: BrokerProcess): BrokerProcess {
        running.addFirst(broker)
        broker.start()
        return broker
    }

    override fun close(): Unit = running.forEach { it.close() }

    companion object {
        private const val SQLITE = "sqlite"
        private const val POSTGRES = "postgres"
        val names = listOf(SQLITE, POSTGRES)
    }
}
