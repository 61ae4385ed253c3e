package dev.sesame.broker.store.sql

import dev.sesame.broker.store.StoreUnavailable
import org.jdbi.v3.core.Handle
import java.sql.PreparedStatement
import java.sql.ResultSet

/** A table; [highest] is the highest number that it ever gave to a row of its own, where it does. */
internal class Table(val name: String, val columns: List<String>, val highest: Long?)

/** Copies all rows of [tables] from one database to another, which must hold none; returns how many of each, as counted there afterwards. */
internal fun copyTables(tables: List<Table>, from: Handle, to: Handle): Map<String, Long> {
    // One row that the schema itself brings along.
    to.execute("DELETE FROM electorate")
    tables.firstOrNull { to.count(it) > 0 }?.let { throw StoreUnavailable("it isn't empty: the table ${it.name} has rows") }
    return tables.associate { table ->
        copy(table, from, to)
        table.highest?.let { to.goOnFrom(table, it) }
        val (there, here) = from.count(table) to to.count(table)
        if (there != here) throw StoreUnavailable("of the table ${table.name} $here rows arrived, and there are $there")
        table.name to here
    }
}

/** How many rows of each. */
internal fun countRows(tables: List<Table>, handle: Handle): Map<String, Long> = tables.associate { it.name to handle.count(it) }

private fun copy(table: Table, from: Handle, to: Handle) {
    val names = table.columns.joinToString()
    from.connection.createStatement().use { statement ->
        statement.executeQuery("SELECT $names FROM ${table.name}").use { rows ->
            val places = table.columns.joinToString { "?" }
            to.connection.prepareStatement("INSERT INTO ${table.name} ($names) VALUES ($places)").use {
                it.addAll(rows, table.columns.size)
            }
        }
    }
}

private fun PreparedStatement.addAll(rows: ResultSet, columns: Int) {
    var waiting = 0
    while (rows.next()) {
        (1..columns).forEach { setObject(it, rows.getObject(it)) }
        addBatch()
        if (++waiting == BATCH) executeBatch().also { waiting = 0 }
    }
    if (waiting > 0) executeBatch()
}

/** No number is given out twice, not even that of a row which is forgotten: cursors hold them. */
private fun Handle.goOnFrom(table: Table, highest: Long) {
    createQuery("SELECT setval(pg_get_serial_sequence(:table, 'seq'), :highest)")
        .bind("table", table.name)
        .bind("highest", highest)
        .mapTo(Long::class.javaObjectType).one()
}

private fun Handle.count(table: Table): Long = createQuery("SELECT count(*) FROM ${table.name}").mapTo(Long::class.javaObjectType).one()

private const val BATCH = 500
