package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.Stores
import io.kotest.core.annotation.Condition
import io.kotest.core.spec.Spec
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres
import java.sql.DriverManager
import java.sql.SQLException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.reflect.KClass

/** A real server for all tests of this process, with a database for each that wants one. */
internal object PostgresServer {
    private val made = AtomicInteger()

    private val server: EmbeddedPostgres by lazy {
        // What tests look at is what was committed, not what outlives the machine: the disk needn't be waited for.
        EmbeddedPostgres.builder().setServerConfig("fsync", "off").setServerConfig("shared_buffers", "32MB").start()
            .also { Runtime.getRuntime().addShutdownHook(Thread(it::close)) }
    }

    /** One with the newest schema and nothing in it, of which the others are copies. */
    private val template: String by lazy { emptyDatabase("template").also { PostgresDatabase(PostgresAddress(urlOf(it))).close() } }

    val port: Int get() = server.port

    /** The first number of its version. */
    val version: Int by lazy { setting("server_version_num").toInt() / 10_000 }

    fun start() {
        server
    }

    /** A database with the newest schema; returns its URL. */
    fun database(): String = urlOf(emptyDatabase("test", template))

    /** A database with nothing in it; returns its name. */
    @Synchronized
    fun emptyDatabase(kind: String = "empty", like: String = "template0"): String {
        val name = "${kind}_${made.incrementAndGet()}"
        execute("CREATE DATABASE $name TEMPLATE $like")
        return name
    }

    fun urlOf(database: String, user: String = "postgres") = "jdbc:postgresql://localhost:$port/$database?user=$user"

    /** Ends all that is connected to the database at [url], as a restart of the server does. */
    fun endConnections(url: String) {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${nameOf(url)}'")
    }

    /** From now on nobody connects to the database at [url], as while a server is away. */
    fun leave(url: String) {
        execute("ALTER DATABASE ${nameOf(url)} ALLOW_CONNECTIONS false")
        endConnections(url)
    }

    /** It is back. */
    fun comeBack(url: String) = execute("ALTER DATABASE ${nameOf(url)} ALLOW_CONNECTIONS true")

    /** A user who needs [password], and an empty database of theirs. */
    fun guardedBy(password: String): Pair<String, String> {
        val user = emptyDatabase("guarded")
        execute("CREATE ROLE $user LOGIN PASSWORD '$password'; ALTER DATABASE $user OWNER TO $user")
        val rules = "local all all trust\\nhost all $user all scram-sha-256\\nhost all all all trust"
        execute(
            "DO ${'$'}${'$'} BEGIN EXECUTE format('COPY (SELECT unnest(string_to_array(%L, chr(10)))) TO %L', E'$rules', " +
                "current_setting('hba_file')); END ${'$'}${'$'}; SELECT pg_reload_conf()",
        )
        // The server takes the new rules a moment later.
        val isGuarded = (1..MOST_TRIES).any {
            try {
                DriverManager.getConnection(urlOf(user, user)).close()
                false
            } catch (_: SQLException) {
                true
            }
        }
        check(isGuarded) { "the server lets $user in without a password" }
        return user to user
    }

    private const val MOST_TRIES = 2_000

    private fun nameOf(url: String) = url.substringAfterLast('/').substringBefore('?')

    /** In the database at [url]. */
    fun execute(url: String, sql: String) {
        DriverManager.getConnection(url).use { connection -> connection.createStatement().use { it.execute(sql) } }
    }

    /** What the server says of its setting [name]. */
    fun setting(name: String): String = server.postgresDatabase.connection.use { connection ->
        connection.createStatement().use { it.executeQuery("SHOW $name").run { if (next()) getString(1) else error("no setting $name") } }
    }

    fun execute(sql: String) {
        server.postgresDatabase.connection.use { connection -> connection.createStatement().use { it.execute(sql) } }
    }
}

internal fun postgresStores() = postgresStores { it }

internal fun postgresStores(remember: (AccessStore) -> AccessStore): Stores {
    val address = PostgresAddress(PostgresServer.database())
    return Stores(remember) { PostgresDatabase(address) }
}

/** Where no server can be started its tests are left out, and that is said; but never where a build counts. */
internal class PostgresIsHere : Condition {
    override fun evaluate(kclass: KClass<out Spec>): Boolean = System.getenv("CI") == "true" || isHere

    private companion object {
        val isHere: Boolean by lazy {
            try {
                PostgresServer.start()
                true
            } catch (problem: Exception) {
                System.err.println("PostgreSQL can't be started here, so nothing is tested with it: $problem")
                false
            }
        }
    }
}
