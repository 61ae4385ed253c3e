package dev.sesame.broker.store.postgres

import org.postgresql.ds.PGSimpleDataSource
import org.slf4j.LoggerFactory
import java.sql.Connection
import java.sql.SQLException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import javax.sql.DataSource

/**
 * Connections to the primary of the newest timeline. A standby that takes over begins a timeline of a higher number, and a primary that was
 * replaced and comes back never gets there: it may say that it is the primary, and hold what was never acknowledged, but it is left alone.
 *
 * Where several servers are named, it asks all of them once at the start, and again at each [lookAround]. As soon as a newer timeline is
 * known, connections to an older one are cut off, whatever they are doing. Where a server tells no timeline, it is taken as it is.
 */
internal class NewestPrimary(named: PGSimpleDataSource) : DataSource by named {
    private class Open(val connection: Connection, val timeline: Int)

    private val servers = named.serverNames.indices.map { Server(named, it) }
    private val open = ConcurrentHashMap.newKeySet<Open>()
    private val newest = AtomicInteger(UNKNOWN)

    /** Where the newest timeline was seen last: asked first, so that no dead or replaced server is waited for again. */
    @Volatile private var leader = servers.first()

    init {
        lookAround()
    }

    override fun getConnection(): Connection {
        val failures = ArrayList<SQLException>()
        for (server in servers.sortedByDescending { it === leader }) {
            try {
                return admit(server.connection(), server)
            } catch (problem: SQLException) {
                failures += problem
            }
        }
        throw failures.reduce { first, other -> first.apply { addSuppressed(other) } }
    }

    /** Looks whether another of several servers has taken over. It takes some seconds for each that is dead. */
    fun lookAround() {
        if (servers.size == 1) return
        servers.forEach { server ->
            try {
                server.briefly().use { learn(it.timeline(), server) }
            } catch (problem: SQLException) {
                log.debug("{} is no primary now, or doesn't answer", server, problem)
            }
        }
    }

    private fun admit(connection: Connection, server: Server): Connection = try {
        val timeline = connection.timeline()
        open.removeIf { it.connection.isClosed }
        // Kept before it is compared: whoever learns of a newer one at this moment finds it, or it finds the newer one.
        val kept = Open(connection, timeline).also(open::add)
        if (timeline != UNKNOWN && !learn(timeline, server)) {
            open.remove(kept)
            throw SQLException("$server is a primary of timeline $timeline, and another was seen of ${newest.get()}", CANT_CONNECT)
        }
        connection
    } catch (problem: SQLException) {
        connection.close()
        throw problem
    }

    /** Returns whether none newer than [timeline] is known. */
    private fun learn(timeline: Int, server: Server): Boolean {
        val before = newest.getAndAccumulate(timeline, ::maxOf)
        when {
            timeline > before -> {
                leader = server
                if (before != UNKNOWN) log.warn("{} has taken over as the primary (timeline {})", server, timeline)
                open.filter { it.timeline in UNKNOWN + 1 until timeline }.forEach { it.connection.abort(Runnable::run) }
            }

            timeline == before -> leader = server

            timeline != UNKNOWN && server.warnedOf != before -> {
                server.warnedOf = before
                log.error("{} was replaced as the primary and doesn't know: nothing is read there or written. Stop it.", server)
            }
        }
        return timeline >= before
    }

    private companion object {
        val log = LoggerFactory.getLogger("dev.sesame.broker.store")!!

        /** Below the first that there is. */
        const val UNKNOWN = 0
        const val CANT_CONNECT = "08001"
    }
}

/** The [index]-th of the servers that [named] names. */
private class Server(named: PGSimpleDataSource, index: Int) {
    private val name = "${named.serverNames[index]}:${named.portNumbers[index]}"
    private val source = named.only(index)
    private val brief = named.only(index).apply { socketTimeout = BRIEFLY_SECONDS }

    /** The timeline for which it was told of, as one that is behind. */
    @Volatile var warnedOf = 0

    fun connection(): Connection = source.connection

    /** One that doesn't wait for long for what a server that stands still has to say. */
    fun briefly(): Connection = brief.connection

    override fun toString() = name

    private fun PGSimpleDataSource.only(index: Int): PGSimpleDataSource {
        val all = this
        return PGSimpleDataSource().apply {
            initializeFrom(all)
            serverNames = arrayOf(all.serverNames[index])
            portNumbers = intArrayOf(all.portNumbers[index])
            if (loginTimeout == 0) loginTimeout = LOGIN_SECONDS
        }
    }

    private companion object {
        const val BRIEFLY_SECONDS = 3

        /** A server that stands still takes the connection, and says nothing on it. */
        const val LOGIN_SECONDS = 5
    }
}
