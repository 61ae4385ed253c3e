package dev.sesame.broker.store.postgres

import org.jdbi.v3.core.Handle

/** Tables, columns and unique keys as lines, so that two engines can be held to each other. */
internal fun schemaOfSqlite(handle: Handle): List<String> {
    val tables = handle.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") - APART
    return tables.flatMap { table ->
        val columns = handle.createQuery("PRAGMA table_info($table)").map { row, _ ->
            column(table, row.getString("name"), mayBeAbsent = row.getInt("notnull") == 0 && row.getInt("pk") == 0)
        }.list()
        val indexes = handle.createQuery("PRAGMA index_list($table)").map { row, _ ->
            Triple(row.getString("name"), row.getInt("unique") == 1, row.getInt("partial") == 1)
        }.list()
        val indexed = indexes.map { (name, isUnique, isPartial) ->
            index(table, handle.texts("SELECT name FROM pragma_index_info('$name') ORDER BY seqno"), isUnique, isPartial)
        }
        val numbered = handle.texts("SELECT name FROM pragma_table_info('$table') WHERE pk > 0 AND upper(type) = 'INTEGER'")
        columns + indexed + numbered.takeIf { it == listOf("seq") }?.let { index(table, it, isUnique = true, isPartial = false) }
    }.filterNotNull().sorted()
}

internal fun schemaOfPostgres(handle: Handle): List<String> {
    val columns = handle.createQuery("SELECT * FROM information_schema.columns WHERE table_schema = current_schema()").map { row, _ ->
        row.getString("table_name") to
            column(row.getString("table_name"), row.getString("column_name"), mayBeAbsent = row.getString("is_nullable") == "YES")
    }.list()
    val indexes = handle.createQuery(INDEXES).map { row, _ ->
        val names = (row.getArray("columns").array as Array<*>).map { "$it" }
        row.getString("table") to index(row.getString("table"), names, row.getBoolean("is_unique"), row.getBoolean("is_partial"))
    }.list()
    return (columns + indexes).filterNot { (table, _) -> table in APART || table == "leases" }.map { it.second }.sorted()
}

private val APART = setOf("flyway_schema_history")

private const val INDEXES = "SELECT t.relname AS table, i.indisunique AS is_unique, i.indpred IS NOT NULL AS is_partial, " +
    "(SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place) " +
    "JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.number) AS columns " +
    "FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace " +
    "WHERE n.nspname = current_schema()"

private fun column(table: String, name: String, mayBeAbsent: Boolean) = "$table.$name" + if (mayBeAbsent) " or absent" else ""

private fun index(table: String, columns: List<String>, isUnique: Boolean, isPartial: Boolean) =
    "$table by $columns" + (if (isUnique) ", each once" else "") + if (isPartial) ", some" else ""

private fun Handle.texts(sql: String): List<String> = createQuery(sql).mapTo(String::class.java).list()
