package dev.sesame.broker.cli

import dev.sesame.broker.DatabaseConfig
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.store.postgres.PostgresIsHere
import dev.sesame.broker.store.postgres.PostgresServer
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files
import java.util.Base64
import kotlin.io.path.readText

@EnabledIf(PostgresIsHere::class)
class MigrateCommandTest :
    FunSpec({
        test("everything moves, goes on where it was, and can't go on at both places") {
            val dir = temporaryDirectory()
            val old = TestBroker(dir)
            val requester = old.requester()
            val approver = old.approver()
            val group = old.admin.post("/v1/admin/groups", "name" to "money").text("id")
            old.admin.post("/v1/admin/groups/$group/add-member", "approver" to approver.id).status shouldBe 200
            old.admin.post("/v1/admin/policies", "text" to "version: 1\nrules: []").status shouldBe 201
            val decided = requester.asked("dedup_key" to "once").also { approver.approve(it) }
            val open = requester.asked("context" to mapOf("who" to "Zoë \uD83D\uDE80", "nul" to "a\u0000b"))
            val context = requester.read(open).at("context")
            val url = PostgresServer.urlOf(PostgresServer.emptyDatabase())
            val terminal = Terminal("SESAME_DATA_DIR" to "$dir", "SESAME_DATABASE_URL" to url)

            old.close()
            val head = Regex("head (\\S+)").find(Terminal("SESAME_DATA_DIR" to "$dir").run("audit", "verify").well().out)!!.groupValues[1]
            val said = terminal.run("migrate").well().out
            said shouldContain "2 requests among them"
            said shouldContain head
            Files.exists(dir.resolve("sesame.db")) shouldBe false
            terminal.run("migrate").badly("there is no database")
            terminal.run("audit", "verify").well().out shouldContain head

            val key = Base64.getDecoder().decode(dir.resolve("secrets.key").readText().trim())
            TestBroker(database = DatabaseConfig(url), secretsKey = key, token = old.token).use { broker ->
                val http = Http(broker.url, requester.http.bearer)
                http.get("/v1/approvals/$decided").text("status") shouldBe "approved"
                http.get("/v1/approvals/$open").at("context") shouldBe context
                val last = Http(broker.url, approver.http.bearer).post("/v1/approvals/$open/decision", "decision" to "approve")
                last.status shouldBe 200
                http.post("/v1/approvals", "action" to "payments.refund", "summary" to "new").status shouldBe 201
                terminal.run("audit", "verify").well()
            }
        }

        test("a PostgreSQL that isn't empty is left as it was, and so is the file") {
            val dir = temporaryDirectory()
            TestBroker(dir).close()
            val url = PostgresServer.database()
            PostgresServer.execute(url, "INSERT INTO own_secrets (name, value) VALUES ('a', 'a')")
            Terminal("SESAME_DATA_DIR" to "$dir", "SESAME_DATABASE_URL" to url).run("migrate").badly("nothing was moved", "isn't empty")
            Files.size(dir.resolve("sesame.db")) shouldBeGreaterThan 0
        }
    })
