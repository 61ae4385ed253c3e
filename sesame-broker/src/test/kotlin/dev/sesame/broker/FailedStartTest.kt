package dev.sesame.broker

import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.http.shouldBeOk
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.nio.file.Path
import java.sql.DriverManager
import kotlin.io.path.createDirectories
import kotlin.io.path.fileSize
import kotlin.io.path.readText

/** A start that fails on the way says so in one line, and leaves nothing open: the same directory and port can be used at once. */
class FailedStartTest :
    FunSpec({
        fun refused(dataDir: Path, port: Int, vararg words: String) {
            Terminal().run("broker", "--port", "$port", "--data-dir", "$dataDir").badly(*words)
        }

        fun freePort(): Int = ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use { it.localPort }

        fun sql(dataDir: Path, vararg statements: String) =
            DriverManager.getConnection("jdbc:sqlite:${dataDir.resolve("sesame.db")}").use { connection ->
                connection.createStatement().use { statement -> statements.forEach(statement::execute) }
            }

        test("a taken port is found before anything is made") {
            val dataDir = temporaryDirectory()
            ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use {
                refused(dataDir, it.localPort, "127.0.0.1:${it.localPort}", "--port")
            }
            dataDir.resolve("sesame.db").fileSize() shouldBe 0
            TestBroker(dataDir).close()
        }

        test("a host that isn't this machine's is told as such") {
            Terminal().run("broker", "--host", "192.0.2.1", "--port", "0", "--data-dir", "${temporaryDirectory()}").badly("192.0.2.1:0")
        }

        listOf("admin-token", "api-key").forEach { name ->
            test("a first $name that can't be written is none: the next start makes one that works") {
                val dataDir = temporaryDirectory()
                dataDir.resolve("$name/in/the/way").createDirectories()
                refused(dataDir, 0, "credentials", "$dataDir")
                dataDir.resolve(name).toFile().deleteRecursively()
                Broker.start(BrokerConfig(port = 0, dataDir = dataDir)).use { broker ->
                    fun kept(file: String) = Http(broker.url, dataDir.resolve(file).readText().trim())
                    kept("admin-token").get("/v1/admin/keys").shouldBeOk()
                    kept("api-key").get("/v1/approvals").shouldBeOk()
                }
            }
        }

        test("a store that fails while the first credentials are made, or the broker's own secret") {
            listOf("api_keys" to "credentials", "own_secrets" to "database").forEach { (table, word) ->
                val dataDir = temporaryDirectory()
                TestBroker(dataDir).close()
                val full = "CREATE TRIGGER full BEFORE INSERT ON $table BEGIN SELECT RAISE(ABORT, 'no room'); END"
                sql(dataDir, "DELETE FROM $table", full)
                refused(dataDir, 0, word, "$dataDir", "no room")
                sql(dataDir, "DROP TRIGGER full")
                TestBroker(dataDir).use { it.requester().asked() }
            }
        }

        test("an address file that can't be written ends what serves already") {
            val dataDir = temporaryDirectory()
            dataDir.resolve("address/in/the/way").createDirectories()
            val port = freePort()
            refused(dataDir, port, "address", "$dataDir")
            ServerSocket().use { it.bind(InetSocketAddress("127.0.0.1", port)) }
            dataDir.resolve("address").toFile().deleteRecursively()
            TestBroker(dataDir).use { it.requester().asked() }
        }
    })
