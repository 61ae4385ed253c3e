package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.sql.Table
import org.jdbi.v3.core.Handle

/** All tables of the schema, each after those that its rows refer to, with the highest number that was ever given out where it numbers its rows. */
internal fun tablesOf(handle: Handle): List<Table> {
    val names =
        handle.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name") - HISTORY - SEAL
    val refersTo = names.associateWith { handle.texts("SELECT \"table\" FROM pragma_foreign_key_list('$it')").toSet() - it }
    val placed = LinkedHashSet<String>()
    while (placed.size < names.size) {
        val next = names.filter { it !in placed && placed.containsAll(refersTo.getValue(it)) }
        check(next.isNotEmpty()) { "tables refer to each other in a ring" }
        placed += next
    }
    return placed.map { name ->
        val highest = handle.createQuery("SELECT seq FROM sqlite_sequence WHERE name = :name AND seq > 0").bind("name", name)
            .mapTo(Long::class.javaObjectType).findOne().orElse(null)
        Table(name, handle.texts("SELECT name FROM pragma_table_info('$name') ORDER BY cid"), highest)
    }
}

private fun Handle.texts(sql: String): List<String> = createQuery(sql).mapTo(String::class.java).list()

/** Each database has its own. */
private const val HISTORY = "flyway_schema_history"
