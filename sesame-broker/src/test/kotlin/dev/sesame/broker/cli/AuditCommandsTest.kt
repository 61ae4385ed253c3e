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
