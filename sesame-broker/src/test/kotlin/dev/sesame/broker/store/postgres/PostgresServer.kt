package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.Stores
import io.kotest.core.annotation.Condition
import io.kotest.core.spec.Spec
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres
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
