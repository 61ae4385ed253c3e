package dev.sesame.broker.store.postgres

import org.postgresql.ds.PGSimpleDataSource
import java.sql.Connection
import java.sql.SQLException

/** The [index]-th of the servers that [named] names, in whatever role it is. */
internal class NamedServer(named: PGSimpleDataSource, index: Int) {
    private val name = "${named.serverNames[index]}:${named.portNumbers[index]}"
    private val source = named.only(index)
    private val brief = named.only(index).apply {
        targetServerType = "any"
        connectTimeout = BRIEFLY_SECONDS
        socketTimeout = BRIEFLY_SECONDS
    }

    /** The timeline for which it was told of, as one that is behind. */
    @Volatile var warnedOf = 0

    /** Whether it said anything when it was asked last. */
    @Volatile var answers = false
        private set

    fun connection(): Connection = source.connection

    /** On which timeline it is the primary; 0 where it is none, doesn't say, or stands still. */
    fun timeline(): Int = try {
        brief.connection.use { it.timeline() }.also { answers = true }
    } catch (problem: SQLException) {
        answers = !problem.sqlState.orEmpty().startsWith("08") // a refusal is an answer, soon had again
        0
    }

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
