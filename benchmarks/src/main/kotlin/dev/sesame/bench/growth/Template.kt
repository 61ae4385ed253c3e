package dev.sesame.bench.growth

import java.sql.Connection
import java.sql.PreparedStatement
import java.time.Duration
import java.time.Instant

/** A real approval as the broker stored it, with all of its rows: what is stored again and again under other ids and at other times. */
internal class Template(database: Connection, val id: String) {
    val approval: Map<String, Any?> = database.rows("SELECT * FROM approvals WHERE id = ?", id).single()
    val events: List<Map<String, Any?>> = database.rows("SELECT * FROM events WHERE approval_id = ? ORDER BY seq", id)
    val entries: List<Map<String, Any?>> = database.rows("SELECT * FROM audit WHERE approval_id = ? ORDER BY seq", id)
    val createdAt: Instant = Instant.ofEpochMilli(approval.getValue("created_at").toString().toLong())
    private val dedupKey = approval.getValue("dedup_key").toString()
    private val times = listOf("question", "progress")
        .flatMap { column -> TIME.findAll(approval.getValue(column).toString()).map { it.value } }.toSet()

    init {
        require(events.isNotEmpty() && events.size == entries.size) { "$id has ${events.size} events and ${entries.size} entries" }
        val elsewhere = listOf("deliveries", "notices").filter { database.rows("SELECT 1 FROM $it WHERE approval_id = ?", id).isNotEmpty() }
        require(elsewhere.isEmpty()) { "$id has rows in $elsewhere too, which nothing here copies" }
    }

    /** [text] of it as it would be of the copy. */
    fun inCopy(text: String, copy: Copy): String {
        val own = text.replace(id, copy.id).replace(dedupKey, copy.dedupKey)
        return times.fold(own) { all, time -> all.replace(time, (Instant.parse(time) + copy.later).toString()) }
    }

    private companion object {
        val TIME = Regex("""\d{4}-\d\d-\d\dT[\d:.]+Z""")
    }
}

/** Another approval like it: [later] is how much later everything happened to it. */
internal class Copy(val id: String, val dedupKey: String, val later: Duration)

internal fun Connection.rows(sql: String, vararg values: Any): List<Map<String, Any?>> = prepareStatement(sql).use { statement ->
    values.forEachIndexed { index, value -> statement.setObject(index + 1, value) }
    statement.executeQuery().use { rows ->
        val names = (1..rows.metaData.columnCount).map { rows.metaData.getColumnName(it) }
        generateSequence { if (rows.next()) names.associateWith { rows.getObject(it) } else null }.toList()
    }
}

/** An insert of one row into [table], a value for each of [columns]. */
internal fun Connection.inserting(table: String, columns: Collection<String>): PreparedStatement =
    prepareStatement("INSERT INTO $table (${columns.joinToString()}) VALUES (${columns.joinToString { "?" }})")

internal fun PreparedStatement.addRow(values: Collection<Any?>) {
    values.forEachIndexed { index, value -> setObject(index + 1, value) }
    addBatch()
}
