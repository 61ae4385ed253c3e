package dev.sesame.broker.cli

import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.io.path.createDirectory
import kotlin.io.path.exists
import kotlin.io.path.readText
import kotlin.io.path.writeText

class BackupCommandTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val terminal = Terminal("SESAME_DATA_DIR" to "${broker.dataDir}")

        test("a backup of a running broker opens as another broker, and holds what was answered, with its credentials") {
            val requester = broker.requester()
            val approved = requester.asked().also { broker.approver().approve(it) }
            val pending = requester.asked("dedup_key" to "kept")
            val copy = temporaryDirectory()
            terminal.run("backup", "${copy.resolve("sesame.db")}").well()
            val after = requester.asked()
            TestBroker(copy).use { second ->
                val http = Http(second.url, requester.http.bearer)
                http.get("/v1/approvals/$approved").text("status") shouldBe "approved"
                http.get("/v1/approvals?dedup_key=kept").ids shouldBe listOf(pending)
                http.get("/v1/approvals/$after").status shouldBe 404
                second.approver().approve(pending)
            }
            requester.read(pending).text("status") shouldBe "pending"
        }

        test("it goes on while others write, and is whole") {
            val requester = broker.requester()
            val before = List(20) { requester.asked() }
            val copy = temporaryDirectory()
            val writer = Thread.ofVirtual().start { repeat(50) { requester.asked() } }
            terminal.run("backup", "${copy.resolve("sesame.db")}").well()
            writer.join()
            TestBroker(copy).use { second ->
                Http(second.url, requester.http.bearer).get("/v1/approvals?ids=${before.joinToString(",")}").ids.toSet() shouldBe
                    before.toSet()
            }
        }

        test("it never writes over a file, and says where there is nothing to copy or to write") {
            val dir = temporaryDirectory()
            val there = dir.resolve("there").also { it.writeText("mine") }
            terminal.run("backup", "$there").badly("$there")
            there.readText() shouldBe "mine"
            terminal.run("backup", "${dir.resolve("no/such/directory")}").badly()
            Terminal("SESAME_DATA_DIR" to "${dir.resolve("empty").createDirectory()}").run("backup", "${dir.resolve("new")}").badly("empty")
            dir.resolve("new").exists() shouldBe false
        }
    })
