package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.StoreUnavailable
import org.postgresql.PGProperty
import org.postgresql.ds.PGSimpleDataSource

/**
 * Where a PostgreSQL is, and who asks it: a JDBC URL, with [user] and [password] in place of those in it where they are given. It never
 * prints a password.
 */
internal class PostgresAddress(url: String, user: String? = null, password: String? = null) {
    private val source = PGSimpleDataSource().apply {
        problem(url)?.let { throw StoreUnavailable(it) }
        setUrl(url)
        user?.let { this.user = it }
        password?.let { this.password = it }
    }

    /** For people: host, port and database. */
    override fun toString(): String {
        val servers = source.serverNames.zip(source.portNumbers.toList()) { host, port -> "$host:${if (port == 0) USUAL_PORT else port}" }
        return servers.joinToString(",") + "/" + source.databaseName.orEmpty()
    }

    /**
     * Connections to it. What the URL leaves open is set so that nobody waits for a dead server, only a primary is taken, and an error never
     * repeats the values that it is about: errors are logged.
     */
    fun connections(): PGSimpleDataSource = source.apply {
        logServerErrorDetail = false
        orElse(PGProperty.CONNECT_TIMEOUT, "$CONNECT_SECONDS")
        orElse(PGProperty.SOCKET_TIMEOUT, "$SILENCE_SECONDS")
        orElse(PGProperty.TCP_KEEP_ALIVE, "true")
        orElse(PGProperty.TARGET_SERVER_TYPE, "primary")
        orElse(PGProperty.APPLICATION_NAME, "sesame")
    }

    private fun PGSimpleDataSource.orElse(property: PGProperty, value: String) {
        val present = getProperty(property)
        if (present == null || present == property.defaultValue) setProperty(property, value)
    }

    companion object {
        private const val CONNECT_SECONDS = 5

        /** Longer than any statement of ours may take. */
        private const val SILENCE_SECONDS = 60
        private const val USUAL_PORT = 5432
        private const val SCHEME = "jdbc:postgresql://"

        /** What is wrong with [url], without repeating it: it may hold a password. */
        fun problem(url: String): String? = when {
            !url.startsWith(SCHEME) -> "must start with $SCHEME"
            '@' in url.substringBefore('?') -> "must have no user before its host: add ?user=…&password=…, or give them apart"
            org.postgresql.Driver.parseURL(url, null) == null -> "can't be read as $SCHEME host : port / database ? options"
            else -> null
        }
    }
}
