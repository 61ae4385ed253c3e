package dev.sesame.broker.audit

import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.notice.push.PushBroker
import dev.sesame.broker.notice.telegram.TelegramBroker
import dev.sesame.broker.readAudit
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonPrimitive
import java.nio.file.Path
import java.sql.Connection
import java.sql.DriverManager
import kotlin.io.path.writeText

/** Who may call, decide and be told changes only with an entry in the audit. */
class AuditedFactsTest :
    FunSpec({
        val dir = temporaryDirectory()
        val broker = autoClose(PushBroker(path = dir))
        autoClose(broker.service)

        test("each fact is told of once, by ids and hashes alone, and nothing else is found wrong") {
            DRIVEN.forEach { driven ->
                withClue(driven.fact) {
                    val act = driven.ready(broker)
                    val before = entries(dir).size
                    act()
                    entries(dir).drop(before).filter { it.fact.name == driven.fact }.map { it.fact.details.isEmpty() } shouldContainExactly
                        listOf(false)
                }
            }
            val all = entries(dir).joinToString { "${it.fact}" }
            listOf("hooks.example", "whsec_", "approver ", "requester ", "127.0.0.1", "Chrome", "Kept", "some.thing").forEach {
                all shouldNotContain it
            }
            problems(dir).shouldBeEmpty()
        }

        test("what can't be told of in the audit doesn't happen") {
            DRIVEN.forEach { driven ->
                withClue(driven.fact) {
                    val act = driven.ready(broker)
                    val kept = rows(dir)
                    change(dir, "CREATE TRIGGER no_audit BEFORE INSERT ON audit WHEN NEW.fact = '${driven.fact}' $ABORT")
                    act().status shouldBeGreaterThanOrEqual 500
                    change(dir, "DROP TRIGGER no_audit")
                    rows(dir) shouldBe kept
                    val before = entries(dir).size
                    act()
                    entries(dir).drop(before).map { it.fact.name } shouldContain driven.fact
                }
            }
        }

        test("a device that its push service gave up, and one that comes back, are told of") {
            val device = broker.device()
            broker.service.answer = { if (it.path == device.agent.path) Reply(410) else Reply(201) }
            val id = broker.requester().asked()
            broker.awaitNotice(id, "asked", "failed", device.approver)
            broker.service.answer = { Reply(201) }
            entries(dir).last { it.fact.name.startsWith("device.") }.fact shouldBe
                fact("device.lost", "device_id" to device.id, "approver_id" to device.approver.id)
            device.browser.get("/sessions")
            device.browser.post("/devices/renew", *device.agent.fields(device.id)).shouldBeOk()
            entries(dir).last().fact.name shouldBe "device.added"
        }

        test("removing an approver tells of all that goes with them") {
            val device = broker.device()
            broker.admin.post("/v1/admin/approvers/${device.approver.id}/revoke").shouldBeOk()
            entries(dir).takeLast(2).map { it.fact.name } shouldContainExactly listOf("device.removed", "approver.revoked")
        }

        test("a Telegram account is told of without its number, when it is linked and when it isn't any more") {
            val own = temporaryDirectory()
            TelegramBroker(path = own).use { told ->
                val kim = told.approver()
                val account = TelegramBroker.newAccount()
                told.telegram.write(account, "/start ${told.codeFor(kim)}")
                told.telegram.awaitShown(account)
                told.admin.post("/v1/admin/approvers/${kim.id}/unlink-telegram").shouldBeOk()
                val (linked, unlinked) = entries(own).takeLast(2).map { it.fact }
                linked shouldBe fact("telegram.linked", "approver_id" to kim.id)
                unlinked shouldBe fact("telegram.unlinked", "approver_id" to kim.id)
                told.telegram.close()
            }
            problems(own).shouldBeEmpty()
        }

        test("the policy in force is told of when it changes, from a file too, and at a start where it isn't the one last told of") {
            val own = temporaryDirectory()
            fun inForce() = entries(own).filter { it.fact.name == PolicyFacts.IN_FORCE }.map { it.fact.details }
            PushBroker(path = own).use { inForce().shouldBeEmpty() }
            val file = own.resolve("sesame-policy.yaml")
            val one = "version: 1\nrules: [{name: secret name, action: a, effect: deny}]"
            file.writeText(one)
            repeat(2) { PushBroker(path = own).use { inForce().single()["sha256"] shouldBe JsonPrimitive(sha256(one)) } }
            PushBroker(path = own).use {
                file.writeText("version: 1\nrules: []")
                awaitThat("the file's change is told of") { inForce().size == 2 }
            }
            inForce().map { it["rules"] to it["source"] } shouldContainExactly
                listOf(JsonPrimitive(1) to JsonPrimitive("file"), JsonPrimitive(0) to JsonPrimitive("file"))
            entries(own).map { it.fact.details.toString() }.filter { "secret name" in it }.shouldBeEmpty()
            entries(own).map { it.fact.name } shouldNotContain "policy.set"
        }
    })

private const val ABORT = "BEGIN SELECT RAISE(ABORT, 'no room'); END"

private fun entries(dir: Path): List<AuditEntry> = readAudit(dir.resolve("sesame.db")) { it.entries().toList() }

private fun problems(dir: Path): List<String> = readAudit(dir.resolve("sesame.db")) { VerifyAudit(it, emptyList()).run().problems }

private fun change(dir: Path, sql: String) = connected(dir) { it.createStatement().use { statement -> statement.execute(sql) } }

/** What is kept of all that facts tell of, but for when somebody was last there. */
private fun rows(dir: Path): Map<String, List<String>> = connected(dir) { connection ->
    listOf("passkeys", "approver_groups", "group_members", "endpoints", "push_devices", "contacts", "sessions", "sign_in_links", "policies")
        .associateWith { table ->
            connection.createStatement().use { statement ->
                val found = statement.executeQuery("SELECT * FROM $table")
                val names = (1..found.metaData.columnCount).map(found.metaData::getColumnName).filter { it != "seen_at" }
                generateSequence { if (found.next()) names.map { found.getString(it) }.toString() else null }.toList()
            }
        }
}

private fun <T> connected(dir: Path, look: (Connection) -> T): T =
    DriverManager.getConnection("jdbc:sqlite:${dir.resolve("sesame.db")}").use(look)
