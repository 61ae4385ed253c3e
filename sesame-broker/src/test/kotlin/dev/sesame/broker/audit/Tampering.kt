package dev.sesame.broker.audit

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.sql.Connection
import java.time.Instant
import kotlin.random.Random

/** What somebody with the database file might do to it. */
internal class Tampering(private val connection: Connection) {
    init {
        connection.createStatement().use { statement ->
            statement.execute("DROP TRIGGER audit_is_never_changed")
            statement.execute("DROP TRIGGER audit_is_never_deleted")
        }
    }

    private val length = number("SELECT max(seq) FROM audit")

    fun editEntry(random: Random) {
        val change = listOf(
            "at = at + 1",
            "fact = fact || 'x'",
            "approval_id = coalesce(approval_id, '') || 'x'",
            "version = coalesce(version, 0) + 1",
            "details = '{\"status\":\"approved\"}'",
            "details = 'nothing'",
            "hash = 'sha256:' || substr(hash, 9) || '0'",
        ).random(random)
        run("UPDATE audit SET $change WHERE seq = ${any(random)}")
    }

    fun deleteEntry(random: Random) = run("DELETE FROM audit WHERE seq = ${any(random)}")

    fun swapEntries(random: Random) {
        val one = random.nextLong(1, length)
        run("UPDATE audit SET seq = 0 WHERE seq = $one")
        run("UPDATE audit SET seq = $one WHERE seq = ${one + 1}")
        run("UPDATE audit SET seq = ${one + 1} WHERE seq = 0")
    }

    /** With everything that would give it away inside the database. */
    fun cutOff(random: Random) {
        val last = random.nextLong(1, length)
        listOf("events", "approvals").forEach { run("DELETE FROM $it") }
        run("DELETE FROM audit WHERE seq > $last")
    }

    /** Every hash is computed anew after a change; all in the database agrees. */
    fun writeAnew(random: Random) {
        val from = entries()
        val changed = from.indices.filter { from[it].fact.name == "requester.made" || from[it].fact.name == "approver.made" }.random(random)
        var head = Head.NONE
        from.forEachIndexed { index, entry ->
            val fact = if (index ==
                changed
            ) {
                entry.fact.copy(details = JsonObject(entry.fact.details + ("x" to JsonPrimitive(1))))
            } else {
                entry.fact
            }
            val next = head.next(fact, entry.at)
            connection.prepareStatement("UPDATE audit SET details = ?, hash = ? WHERE seq = ?").use {
                it.setString(1, next.fact.details.toString())
                it.setString(2, next.hash)
                it.setLong(3, next.seq)
                it.execute()
            }
            head = next.head
        }
    }

    fun editApproval(random: Random) {
        val change = listOf(
            "status = CASE status WHEN 'approved' THEN 'denied' ELSE 'approved' END",
            "progress = replace(progress, '\"status\":\"', '\"status\":\"x')",
            "question = replace(question, 'A-1001', 'A-1002')",
            "question = replace(question, 'payments.refund', 'payments.rob')",
            "progress = json_set(progress, '$.approved', 1)",
            "version = version + 1",
        ).random(random)
        val fit = if ("progress, '\"status" in change) "WHERE progress LIKE '%\"status\"%'" else ""
        run("UPDATE approvals SET $change WHERE id = (SELECT id FROM approvals $fit ORDER BY id LIMIT 1 OFFSET ${random.nextInt(20)})")
    }

    /** Without a word in the audit; as the broker itself would write it, or the values alone. */
    fun redactApproval(random: Random) {
        val change = listOf(
            "question = json_set(question, '$.context.order', '[redacted]')",
            "question = json_set(question, '$.context.order', '[redacted]', '$.erasures', json('[{\"fields\":[\"order\"],\"at\":\"x\"}]'))",
            "question = json_remove(question, '$.context.order')",
            "progress = json_set(progress, '$.decision.edited_context.order', '[redacted]')",
        ).random(random)
        val fit = if ("edited_context" in change) " AND progress LIKE '%edited_context%'" else ""
        val one = "SELECT id FROM approvals WHERE question NOT LIKE '%erasures%'$fit ORDER BY id LIMIT 1 OFFSET ${random.nextInt(5)}"
        run("UPDATE approvals SET $change WHERE id = ($one)")
    }

    /** What the audit says is gone comes back, or comes as something else; or more goes than it tells of. */
    fun editRedacted(random: Random) {
        val change = listOf(
            "question = json_set(question, '$.context.order', 'A-1001')",
            "question = json_set(question, '$.context.order', 'A-9')",
            "question = json_set(question, '$.context.order', '[gone]')",
            "question = json_remove(question, '$.context.order')",
            "question = json_remove(question, '$.erasures')",
            "question = json_set(question, '$.erasures[0].fields[0]', 'other')",
            "progress = json_set(progress, '$.decision.edited_context.order', 'B-7')",
            "progress = json_remove(progress, '$.decision.edited_context.order')",
        ).random(random)
        val fit = if ("edited_context" in change) " AND progress LIKE '%edited_context%'" else ""
        val one = "SELECT id FROM approvals WHERE question LIKE '%erasures%'$fit ORDER BY id LIMIT 1 OFFSET ${random.nextInt(5)}"
        run("UPDATE approvals SET $change WHERE id = ($one)")
    }

    fun deleteApproval(random: Random) {
        val id = text("SELECT id FROM approvals ORDER BY id LIMIT 1 OFFSET ${random.nextInt(40)}")
        run("DELETE FROM events WHERE approval_id = '$id'")
        run("DELETE FROM approvals WHERE id = '$id'")
    }

    fun slipInApproval(random: Random) {
        val id = text("SELECT id FROM approvals ORDER BY id LIMIT 1 OFFSET ${random.nextInt(40)}")
        val names = "requester_id, mode, action, status, dedup_key, created_at, ends_at, decided_at, version, question, progress"
        val columns = "requester_id, mode, action, status, NULL, created_at, ends_at, decided_at, version, question, progress"
        run("INSERT INTO approvals (id, $names) SELECT 'ap_x', $columns FROM approvals WHERE id = '$id'")
        run(
            "INSERT INTO events (approval_id, requester_id, mode, version, event, is_decision, at) " +
                "VALUES ('ap_x', 'r', 'live', 1, 'opened', 0, 1)",
        )
    }

    fun editEvent(random: Random) {
        val change = listOf("event = 'approved'", "at = at + 1", "version = version + 7").random(random)
        val one = "SELECT seq FROM events WHERE event <> 'approved' LIMIT 1 OFFSET ${random.nextInt(40)}"
        run("UPDATE events SET $change WHERE seq = ($one)")
    }

    fun deleteEvent(random: Random) = run("DELETE FROM events WHERE seq = (SELECT seq FROM events LIMIT 1 OFFSET ${random.nextInt(60)})")

    private fun any(random: Random) = random.nextLong(1, length + 1)

    private fun entries(): List<AuditEntry> = connection.createStatement().use { statement ->
        val rows = statement.executeQuery("SELECT * FROM audit ORDER BY seq")
        generateSequence { if (rows.next()) rows else null }.map {
            val version = it.getInt("version").takeUnless { _ -> rows.wasNull() }
            val fact =
                Fact(
                    it.getString("fact"),
                    Json.parseToJsonElement(it.getString("details")).jsonObject,
                    it.getString("approval_id"),
                    version,
                )
            AuditEntry(it.getLong("seq"), Instant.ofEpochMilli(it.getLong("at")), fact, it.getString("hash"))
        }.toList()
    }

    private fun run(sql: String) {
        check(connection.createStatement().use { it.executeUpdate(sql) } > 0) { "this changes nothing: $sql" }
    }

    private fun number(sql: String) = text(sql).toLong()

    private fun text(sql: String): String = connection.createStatement().use { statement ->
        statement.executeQuery(sql).let {
            it.next()
            it.getString(1)
        }
    }

    companion object {
        val KINDS: Map<String, (Tampering, Random) -> Unit> = mapOf(
            "an edited entry" to Tampering::editEntry,
            "a deleted entry" to Tampering::deleteEntry,
            "two entries in the other order" to Tampering::swapEntries,
            "an audit without its end" to Tampering::cutOff,
            "an audit written anew" to Tampering::writeAnew,
            "an edited approval" to Tampering::editApproval,
            "a context redacted on the sly" to Tampering::redactApproval,
            "a redacted context made another" to Tampering::editRedacted,
            "a deleted approval" to Tampering::deleteApproval,
            "an approval that nobody asked for" to Tampering::slipInApproval,
            "an edited event" to Tampering::editEvent,
            "a deleted event" to Tampering::deleteEvent,
        )
    }
}
