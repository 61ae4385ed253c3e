package dev.sesame.broker

import dev.sesame.broker.cli.Terminal
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.nio.file.Files
import java.nio.file.Path
import java.sql.DriverManager
import kotlin.io.path.writeText

/** A data directory that can't be served from: one line says why, and the command ends with 1. */
class BrokerDirectoryTest :
    FunSpec({
        fun dir(): Path = temporaryDirectory()

        fun refused(dataDir: Path, vararg words: String) {
            Terminal().run("broker", "--port", "0", "--data-dir", "$dataDir").badly("$dataDir", *words)
        }

        test("a directory that another broker uses, and that one goes on") {
            val dataDir = dir()
            TestBroker(dataDir).use { running ->
                refused(dataDir, "another broker")
                running.requester().asked()
            }
        }

        test("a file in place of the directory, and one in place of what it is in") {
            val file = dir().resolve("file").also { it.writeText("mine") }
            refused(file)
            refused(file.resolve("deeper"))
        }

        test("the database of another program, and it stays as it was") {
            val dataDir = dir()
            val url = "jdbc:sqlite:${dataDir.resolve("sesame.db")}"
            DriverManager.getConnection(url).use {
                it.createStatement().use { statement -> statement.execute("CREATE TABLE approvals (id TEXT)") }
            }
            refused(dataDir)
            DriverManager.getConnection(url).use {
                it.createStatement().use { statement ->
                    val tables = statement.executeQuery("SELECT group_concat(name) FROM sqlite_master WHERE type = 'table'")
                    tables.getString(1) shouldBe "approvals"
                }
            }
        }

        test("a directory that was refused can be used once the reason is gone") {
            val dataDir = dir()
            dataDir.resolve("sesame.db").writeText("This is not a database.\n".repeat(500))
            refused(dataDir)
            Files.delete(dataDir.resolve("sesame.db"))
            TestBroker(dataDir).use { it.requester().asked() }
        }
    })
