package dev.sesame.bench.rates

import dev.sesame.bench.BrokerProcess
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
        else -> throw IllegalArgumentException("--engines takes ${Engines.names.joinToString()}, not $name")
    }

    private fun sqlite(): Setup {
        val dir = Files.createDirectories(scratch.resolve(SQLITE))
        val broker = started(BrokerProcess(dir))
        val floor = RowFloor { DriverManager.getConnection("jdbc:sqlite:${dir.resolve("floor.db")}?journal_mode=WAL&synchronous=FULL&busy_timeout=30000") }
        return Setup("SQLite", listOf(broker), broker.apiKey, broker.adminToken, floor, dir)
    }

    private fun started(broker: BrokerProcess): BrokerProcess {
        running.addFirst(broker)
        broker.start()
        return broker
    }

    override fun close(): Unit = running.forEach { it.close() }

    companion object {
        private const val SQLITE = "sqlite"
        val names = listOf(SQLITE)
    }
}
