package dev.sesame.broker.cli

import dev.sesame.broker.TestBroker
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import java.nio.file.Path
import java.sql.DriverManager
import kotlin.io.path.writeText

class AuditCommandsTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val terminal = Terminal("SESAME_DATA_DIR" to "${broker.dataDir}", "SESAME_APPROVER_TOKEN" to broker.admin.bearer!!)
        val dir = temporaryDirectory()

        fun keys(): Path = dir.resolve("jwks.json").also { it.writeText(broker.nobody.get("/.well-known/jwks.json").text) }

        fun approved(): String = broker.requester().asked().also { broker.approver().approve(it) }

        test("verify reads beside the running broker, and finds nothing where nothing was changed") {
            repeat(5) { approved() }
            val said = terminal.run("audit", "verify").well()
            said.out shouldContain "Nothing was changed"
            said.out shouldContain "--against"
        }

        test("whatever the broker does by itself is no finding: votes, edits, extensions, a policy's decisions, runs") {
            val requester = broker.requester()
            val (ada, bob) = List(2) { broker.approver() }
            val two = requester.asked("approvals_required" to 2)
            ada.decide(two, "approve", "note" to "fine")
            ada.http.post("/v1/approvals/$two/extend", "expires_in" to 172_800).status shouldBe 200
            bob.approve(two)
            val edited = requester.asked("context" to mapOf("cents" to 20, "to" to "ana"), "editable" to listOf("cents"))
            ada.decide(edited, "approve", "context" to mapOf("cents" to 21, "to" to "ana")).status shouldBe 200
            val claim = arrayOf("claimant" to "c".repeat(22), "context_hash" to requester.read(edited).text("context_hash"))
            val token = requester.http.post("/v1/approvals/$edited/claim", *claim).text("claim_token")
            requester.http.post("/v1/approvals/$edited/claim", *claim).status shouldBe 200
            requester.http.post("/v1/approvals/$edited/outcome", "claim_token" to token, "outcome" to "unknown").status shouldBe 200
            broker.admin.post("/v1/approvals/$edited/outcome", "outcome" to "succeeded").status shouldBe 200
            val rules = listOf("{name: p, action: a.permitted, effect: permit}", "{name: d, action: a.denied, effect: deny}")
            broker.admin.post("/v1/admin/policies", "text" to "version: 1\nrules: $rules").status shouldBe 201
            listOf("a.permitted" to "approved", "a.denied" to "denied").forEach { (action, status) ->
                requester.ask("action" to action).text("status") shouldBe status
            }
            broker.testing(requester).asked("test" to mapOf("decide" to "approve", "after_ms" to 0))
            terminal.run("audit", "verify").well().out shouldContain "Nothing was changed"
        }

        test("a receipt and a checkpoint that were kept elsewhere are held against it") {
            val receipt = dir.resolve("receipt").also { it.writeText(terminal.run("receipt", "show", approved()).well().out) }
            awaitThat("a checkpoint") { "eyJ" in checkpoint(terminal) }
            val log = dir.resolve("broker.log").also { it.writeText("12:00 INFO Audit checkpoint ${checkpoint(terminal)}\n12:01 bye\n") }
            val said = terminal.run("audit", "verify", "--against", "$receipt", "--against", "$log", "--keys", "${keys()}").well()
            said.out.trim().lines() shouldHaveSize 1

            terminal.run("audit", "verify", "--against", "${keys()}").badly("jwks.json", "neither a receipt nor a checkpoint")
            TestBroker().use { other ->
                val foreign = dir.resolve("foreign.json").also { it.writeText(other.nobody.get("/.well-known/jwks.json").text) }
                terminal.run("audit", "verify", "--against", "$receipt", "--keys", "$foreign").badly("known key", "--keys")
            }
        }

        test("what was cut off, and what was changed, is told, and ends it with 1") {
            val receipt = dir.resolve("newest").also { it.writeText(terminal.run("receipt", "show", approved()).well().out) }
            val copy = temporaryDirectory()
            terminal.run("backup", "${copy.resolve("sesame.db")}").well()
            DriverManager.getConnection("jdbc:sqlite:${copy.resolve("sesame.db")}").use { connection ->
                connection.createStatement().use {
                    it.execute("DROP TRIGGER audit_is_never_deleted")
                    it.execute("DELETE FROM audit WHERE seq > 3")
                    it.execute("DELETE FROM events")
                    it.execute("DELETE FROM checkpoints")
                }
            }
            val said = terminal.run("audit", "verify", "--data-dir", "$copy", "--against", "$receipt")
            said.code shouldBe 1
            said.err shouldContain "its end was cut off"
            said.err.trimEnd() shouldEndWith "findings"
        }

        test("export prints all of it, on from where the last one ended; tail the newest") {
            repeat(60) { broker.requester().asked() }
            val lines = terminal.run("audit", "export").well().out.trim().lines()
            val rest = terminal.run("audit", "export", "--after", "${lines.size - 1}").well().out.trim().lines()
            rest.first() shouldBe lines.last()
            val tail = terminal.run("audit", "tail", "--limit", "3").well().out.trim().lines()
            tail shouldHaveSize 4 // with a headline
            tail.last() shouldContain "approval.opened"
        }

        test("without a database, and with a broken one, it says so in a line") {
            terminal.run("audit", "verify", "--data-dir", "${temporaryDirectory()}").badly("no database")
            val broken = temporaryDirectory().also { it.resolve("sesame.db").writeText("no database at all, whatever its name says") }
            terminal.run("audit", "verify", "--data-dir", "$broken").badly("can't be read")
        }
    })

private fun checkpoint(terminal: Terminal): String = terminal.run("audit", "tail", "--json").well().json.text("checkpoint")
