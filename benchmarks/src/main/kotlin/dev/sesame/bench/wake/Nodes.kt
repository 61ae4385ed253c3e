package dev.sesame.bench.wake

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PostgresProcess
import java.net.InetSocketAddress
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path

/** Three brokers on a database of [postgres]: one decides, another hears of it, and to a third no ring comes. */
internal class Nodes(postgres: PostgresProcess, scratch: Path) : AutoCloseable {
    val database: String = postgres.newDatabase()
    private val shared = postgres.brokerEnvironment(database)
    private val pooler = URI(postgres.url(database).removePrefix(JDBC)).let { WithoutBell(InetSocketAddress(it.host, it.port)) }
    private val direct = URI(postgres.url(database).removePrefix(JDBC)).authority
    private val behindPooler = shared.mapValues { (_, value) ->
        if (value.startsWith(JDBC)) value.replace(direct, "127.0.0.1:${pooler.port}") + "&sslmode=disable&gssEncMode=disable" else value
    }
    private val brokers = Place.entries.associateWith { place ->
        val environment = if (place == Place.WITHOUT_BELL) behindPooler else shared
        BrokerProcess(Files.createDirectory(scratch.resolve(place.name.lowercase())), jvm = heap, environment = environment)
    }

    val deciding: BrokerProcess get() = at(Place.SAME)

    /** How many rings didn't come to the one without. */
    val ringsKept: Int get() = pooler.rings

    fun at(place: Place): BrokerProcess = brokers.getValue(place)

    fun start(): Unit = brokers.values.forEach { it.start() }

    override fun close() {
        brokers.values.forEach { it.close() }
        pooler.close()
    }

    private companion object {
        const val JDBC = "jdbc:"
        val heap = listOf("-Xms512m", "-Xmx512m")
    }
}
