package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.Stores
import java.sql.DriverManager

/**
 * Brings the database at [url] one version further than this broker knows, as a newer broker does that starts beside it: a column more in each
 * table, one of them with a default, an index on it, and a table more. `AdditiveMigrationsTest` holds real migrations to no more than that.
 */
internal fun migrateFurther(url: String) {
    DriverManager.getConnection(url).use { connection ->
        connection.createStatement().use { statement ->
            val tables = buildList {
                val found = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
                statement.executeQuery(found).use { while (it.next()) add(it.getString(1)) }
            } - "flyway_schema_history"
            check(tables.size > 10) { "these are not all tables: $tables" }
            tables.forEach {
                statement.execute("ALTER TABLE $it ADD COLUMN later TEXT, ADD COLUMN later_count INTEGER NOT NULL DEFAULT 0")
                statement.execute("CREATE INDEX later_$it ON $it (later)")
            }
            statement.execute("CREATE TABLE laters (id TEXT PRIMARY KEY)")
        }
    }
}

/** Says in the database at [url] that its schema is of a later version. */
internal fun tellOfLaterVersion(url: String) = PostgresServer.execute(
    url,
    "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, " +
        "execution_time, success) VALUES (1000, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', 1, true)",
)

/** Stores of a broker that was running when a newer one brought the schema further. */
internal fun furtherStores(): Stores {
    val url = PostgresServer.database()
    var isFirst = true
    return Stores {
        PostgresDatabase(PostgresAddress(url)).also {
            if (isFirst) migrateFurther(url)
            isFirst = false
        }
    }
}
