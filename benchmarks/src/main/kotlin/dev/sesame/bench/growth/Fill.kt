package dev.sesame.bench.growth

import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.InternalSesameApi
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.security.MessageDigest
import java.sql.Connection
import java.util.HexFormat

/**
 * Stores copies of one approval in a database whose broker is stopped, each with its own id, dedup key and times, its events, and its entries in
 * the audit, which goes on from where it stood: all of it verifies as if the broker had written it.
 */
@OptIn(InternalSesameApi::class)
internal class Fill(private val database: Connection, private val template: Template) {
    private val approvals = database.inserting("approvals", template.approval.keys)
    private val eventColumns = template.events.first().keys - "seq"
    private val events = database.inserting("events", eventColumns)
    private val audit = database.inserting("audit", template.entries.first().keys)
    private val details = template.entries.map { Json.parseToJsonElement(it.getValue("details").toString()).jsonObject }

    /** What the audit's hash of the newest state is taken over, of the template. */
    private val state = canonicalState()
    private var seq: Long
    private var head: String

    init {
        database.autoCommit = false
        val last = database.rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").single()
        seq = last.getValue("seq").toString().toLong()
        head = last.getValue("hash").toString()
        val hashed = details.last().getValue("state_hash") as JsonPrimitive
        check(sha256(state) == hashed.content) { "the audit hashes another state" }
    }

    fun run(copies: Sequence<Copy>) = copies.chunked(AT_ONCE).forEach { some ->
        some.forEach(::add)
        listOf(approvals, events, audit).forEach { it.executeBatch() }
        database.commit()
    }

    private fun add(copy: Copy) {
        approvals.addRow(template.approval.map { (column, value) -> approval(column, value, copy) })
        template.events.forEach { event -> events.addRow(eventColumns.map { ofRow(it, event[it], copy) }) }
        template.entries.forEachIndexed { index, entry -> audit.addRow(entryOf(entry, details[index], index == details.lastIndex, copy)) }
    }

    private fun approval(column: String, value: Any?, copy: Copy): Any? = when (column) {
        "id" -> copy.id
        "dedup_key" -> copy.dedupKey
        "question", "progress" -> template.inCopy(value.toString(), copy)
        "created_at", "ends_at", "decided_at" -> value.later(copy)
        else -> value
    }

    private fun ofRow(column: String, value: Any?, copy: Copy): Any? = when (column) {
        "approval_id" -> copy.id
        "at" -> value.later(copy)
        else -> value
    }

    private fun entryOf(row: Map<String, Any?>, details: JsonObject, isNewest: Boolean, copy: Copy): List<Any?> {
        seq++
        // Only of the newest state can anybody tell whether the hash is right.
        val told = if (isNewest) JsonObject(details + ("state_hash" to JsonPrimitive(sha256(template.inCopy(state, copy))))) else details
        val at = row["at"].later(copy)
        head = sha256(
            CanonicalJson.of(
                buildJsonObject {
                    put("approval_id", copy.id)
                    put("at", at)
                    put("details", told)
                    put("fact", row.getValue("fact").toString())
                    put("previous", head)
                    put("seq", seq)
                    put("version", row.getValue("version") as Number)
                },
            ),
        )
        val own = mapOf("seq" to seq, "at" to at, "approval_id" to copy.id, "details" to told.toString(), "hash" to head)
        return row.map { (column, value) -> own[column] ?: value }
    }

    private fun canonicalState(): String {
        val (question, progress) = listOf("question", "progress")
            .map { Json.parseToJsonElement(template.approval.getValue(it).toString()).jsonObject }
        return CanonicalJson.of(JsonObject(mapOf("question" to JsonObject(question - "context"), "progress" to progress)))
    }

    private fun Any?.later(copy: Copy): Long = toString().toLong() + copy.later.toMillis()

    private fun sha256(text: String) = "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()))

    private companion object {
        const val AT_ONCE = 5_000
    }
}
