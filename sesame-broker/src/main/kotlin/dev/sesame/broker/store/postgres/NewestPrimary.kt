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
 * Where several servers are named, it asks all of them at the start and at each [lookAround], and those that answered then before each new
 * connection. As soon as a newer timeline is known, connections to an older one are cut off, whatever they are doing. A server that tells no
 * timeline is taken as it is.
 */
internal class NewestPrimary(named: PGSimpleDataSource) : DataSource by named {
    private class Open(val connection: Connection, val timeline: Int)

    private val servers = named.serverNames.indices.map { NamedServer(named, it) }
    private val open = ConcurrentHashMap.newKeySet<Open>()
    private val newest = AtomicInteger(UNKNOWN)

    /** Where the newest timeline was seen last: asked first, so that no dead or replaced server is waited for again. */
    @Volatile private var leader = servers.first()

    init {
        lookAround()
    }

    override fun getConnection(): Connection {
        // The one that led may have been replaced, and have come back without knowing.
        ask(servers.filter { it !== leader && it.answers })
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
        if (servers.size > 1) ask(servers)
    }

    private fun ask(some: List<NamedServer>) = some.forEach { server ->
        val timeline = server.timeline()
        if (timeline != UNKNOWN) learn(timeline, server)
    }

    private fun admit(connection: Connection, server: NamedServer): Connection = try {
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
    private fun learn(timeline: Int, server: NamedServer): Boolean {
        val before = newest.getAndAccumulate(timeline, ::maxOf)
        when {
            timeline > before -> {
                leader = server
                if (before != UNKNOWN) log.warn("{} has taken over as the primary (timeline {})", server, timeline)
                open.filter { it.timeline in UNKNOWN + 1 until timeline }.forEach { it.connection.abort(Runnable::run) }
            }

            timeline == before -> leader = server

            server.warnedOf != before -> {
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
