package dev.sesame.broker.cli

import dev.sesame.broker.Approving
import dev.sesame.broker.Http
import dev.sesame.broker.Requesting
import dev.sesame.broker.TestBroker
import dev.sesame.broker.access.Secret
import dev.sesame.broker.http.Feed
import dev.sesame.broker.http.shouldBeRefusedWith
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files
import java.nio.file.Path
import java.sql.DriverManager

/** A database that was put back to an earlier time: what its readers know of what was lost counts for nothing. */
class RestoreTest :
    FunSpec({
        fun Http.at(broker: TestBroker) = Http(broker.url, bearer)

        fun Http.feedAfter(cursor: String) = send(request("/v1/decisions").header("Last-Event-ID", cursor))

        /** A broker with a question pending, a backup or copy of that, and what its readers saw after. */
        class Past(copy: (Path, Path) -> Unit) {
            private val token: Secret
            val restored: Path = temporaryDirectory()
            val requester: Requesting
            val approver: Approving
            val id: String
            val cursor: String
            val inboxCursor: String

            init {
                TestBroker().use { broker ->
                    token = broker.token
                    requester = broker.requester()
                    approver = broker.approver()
                    id = requester.asked()
                    copy(broker.dataDir, restored)
                    cursor = Feed(requester.http).use { feed ->
                        feed.next()
                        repeat(5) { approver.approve(requester.asked()) }
                        List(5) { feed.next() }.last().id
                    }
                    inboxCursor = Feed(approver.http, path = "/v1/inbox/stream").use { it.next().id }
                }
            }

            fun start() = TestBroker(restored, token = token)
        }

        fun backUp(from: Path, to: Path) {
            Terminal("SESAME_DATA_DIR" to "$from").run("backup", "${to.resolve("sesame.db")}").well()
            Files.copy(from.resolve("secrets.key"), to.resolve("secrets.key"))
        }

        test("no cursor from before a restore leads on, however much has happened since; those given out after it do") {
            val past = Past(::backUp)
            val later = past.start().use { broker ->
                val http = past.requester.http.at(broker)
                val person = Approving(past.approver.id, past.approver.name, past.approver.http.at(broker))
                person.approve(past.id)
                repeat(20) { person.approve(Requesting("", "", http).asked()) }
                http.feedAfter(past.cursor) shouldBeRefusedWith (410 to "cursor_expired")
                person.http.get("/v1/inbox/stream?cursor=${past.inboxCursor}") shouldBeRefusedWith (410 to "cursor_expired")
                broker.admin.get("/v1/admin/audit?limit=100").text shouldContain "epoch.began"
                Feed(http).use { it.next().id }
            }
            past.start().use { broker -> Feed(past.requester.http.at(broker), later).use { it.next().name shouldBe "ready" } }
            Terminal("SESAME_DATA_DIR" to "${past.restored}").run("audit", "verify").well()
        }

        test("the same backup restored twice begins two epochs") {
            val past = Past(::backUp)
            val kept = temporaryDirectory().resolve("kept.db")
            Files.copy(past.restored.resolve("sesame.db"), kept)
            val cursor = past.start().use { broker -> Feed(past.requester.http.at(broker)).use { it.next().id } }
            Files.delete(past.restored.resolve("sesame.db"))
            Files.copy(kept, past.restored.resolve("sesame.db"))
            past.start().use { past.requester.http.at(it).feedAfter(cursor) shouldBeRefusedWith (410 to "cursor_expired") }
        }

        test("where something else put it back, it is to be said; then it is the same, and only of a broker that is stopped") {
            val past = Past { from, to ->
                backUp(from, to)
                DriverManager.getConnection("jdbc:sqlite:${to.resolve("sesame.db")}").use { connection ->
                    connection.createStatement().use { it.execute("PRAGMA user_version = 0") } // as a snapshot's would be
                }
            }
            val terminal = Terminal("SESAME_DATA_DIR" to "${past.restored}")
            terminal.run("restored").well().out shouldContain "A new epoch begins"
            past.start().use { broker ->
                past.requester.http.at(broker).feedAfter(past.cursor) shouldBeRefusedWith (410 to "cursor_expired")
                terminal.run("restored").badly("another broker uses")
            }
            Terminal("SESAME_DATA_DIR" to "${temporaryDirectory()}").run("restored").badly("there is no database")
        }

        test("a stop and a start alone begin nothing: cursors hold") {
            val dir = temporaryDirectory()
            val (http, cursor) = TestBroker(dir).use { broker ->
                broker.requester().http.let { http -> http to Feed(http).use { it.next().id } }
            }
            TestBroker(dir).use { broker -> Feed(http.at(broker), cursor).use { it.next().name shouldBe "ready" } }
        }
    })
