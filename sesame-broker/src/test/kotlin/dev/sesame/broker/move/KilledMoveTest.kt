package dev.sesame.broker.move

import dev.sesame.broker.Broker
import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.CannotStart
import dev.sesame.broker.DatabaseConfig
import dev.sesame.broker.Http
import dev.sesame.broker.Requesting
import dev.sesame.broker.TestBroker
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.PostgresIsHere
import dev.sesame.broker.store.postgres.PostgresServer
import dev.sesame.broker.store.sqlite.MoveStep
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files
import java.nio.file.Path
import java.util.Base64
import kotlin.io.path.createFile
import kotlin.io.path.exists
import kotlin.io.path.readText

/** Whoever dies in the middle of a move, and wherever: one database can be written afterwards, or none and it is said where to look. */
@EnabledIf(PostgresIsHere::class)
class KilledMoveTest :
    FunSpec({
        /** A broker that runs, the PostgreSQL that it is to be moved to, and a request that was approved. */
        class Move : AutoCloseable {
            val dir: Path = temporaryDirectory()
            private val broker = TestBroker(dir)
            private var isStopped = false
            val token = broker.token
            val requester: Requesting = broker.requester()
            val approved = requester.asked("dedup_key" to "first").also { broker.approver().approve(it) }
            val url = PostgresServer.urlOf(PostgresServer.emptyDatabase())
            val terminal = Terminal("SESAME_DATA_DIR" to "$dir", "SESAME_DATABASE_URL" to url)

            fun killedAfter(step: MoveStep) = MoveProcess.standing(step, dir, url).use { it.kill() }

            fun refusesWrites() = requester.ask().status == 503

            fun takesWrites() = requester.ask().status == 201

            /** All is at the new place, once, and goes on there. */
            fun isThere() {
                val key = Base64.getDecoder().decode(dir.resolve("secrets.key").readText().trim())
                TestBroker(database = DatabaseConfig(url), secretsKey = key, token = token).use { new ->
                    val there = Requesting(requester.name, requester.keyId, Http(new.url, requester.http.bearer))
                    there.read(approved).text("status") shouldBe "approved"
                    there.ask("dedup_key" to "first").let { it.status to it.text("approval_id") } shouldBe (200 to approved)
                    there.asked()
                }
                terminal.run("audit", "verify").well()
            }

            fun stop() {
                if (!isStopped) broker.close()
                isStopped = true
            }

            override fun close() = stop()
        }

        test("killed when all is copied: the broker goes on, nothing arrived, and another move is as the first") {
            Move().use { move ->
                MoveProcess.standing(MoveStep.COPIED, move.dir, move.url).use { mover ->
                    move.refusesWrites() shouldBe true
                    move.requester.read(move.approved).text("status") shouldBe "approved"
                    mover.kill()
                }
                awaitThat("the broker to write again") { move.takesWrites() }
                move.stop()
                move.terminal.run("migrate").well()
                move.isThere()
            }
        }

        test("killed when the file is sealed, or when all has arrived: nobody writes it, a start says why, and another move goes on") {
            for (step in listOf(MoveStep.SEALED, MoveStep.COMMITTED)) {
                Move().use { move ->
                    move.killedAfter(step)
                    move.refusesWrites() shouldBe true
                    move.stop()
                    shouldThrow<CannotStart> { Broker.start(BrokerConfig(port = 0, dataDir = move.dir)) }
                        .message!! shouldContain "run ./sesame migrate again"
                    val other = PostgresServer.urlOf(PostgresServer.emptyDatabase())
                    val elsewhere = Terminal("SESAME_DATA_DIR" to "${move.dir}", "SESAME_DATABASE_URL" to other)
                    elsewhere.run("migrate").badly("was begun")
                    elsewhere.run("migrate", "--take-back").badly("name that one")
                    if (step == MoveStep.COMMITTED) move.terminal.run("migrate", "--take-back").badly("all of it is at")
                    move.terminal.run("migrate").well()
                    move.isThere()
                }
            }
        }

        test("killed before the file has another name: no broker starts from it, and another move gives it the name") {
            Move().use { move ->
                move.killedAfter(MoveStep.FINISHED)
                move.stop()
                shouldThrow<CannotStart> { Broker.start(BrokerConfig(port = 0, dataDir = move.dir)) }.message!! shouldContain "was moved to"
                move.terminal.run("migrate", "--take-back").badly("all of it is at")
                move.terminal.run("migrate", "--take-back", "--postgres-is-gone").badly("all of it is at")
                move.terminal.run("migrate").well()
                move.dir.resolve("sesame.db.moved").exists() shouldBe true
                shouldThrow<CannotStart> { Broker.start(BrokerConfig(port = 0, dataDir = move.dir)) }.message!! shouldContain "was moved to"
                Files.exists(move.dir.resolve("sesame.db")) shouldBe false
                move.isThere()
            }
        }

        test("the broker killed meanwhile: another one on the same directory doesn't write, and the move goes on") {
            Move().use { move ->
                move.stop()
                val process = BrokerProcess.broker(move.dir)
                process.ready()
                val goOn = temporaryDirectory().resolve("go")
                MoveProcess.standing(MoveStep.HELD, move.dir, move.url, goOn).use { mover ->
                    process.kill()
                    shouldThrow<CannotStart> {
                        Broker.start(BrokerConfig(port = 0, dataDir = move.dir, bootstrapApproverToken = move.token))
                    }
                    goOn.createFile()
                    mover.exitCode() shouldBe 0
                }
                move.isThere()
            }
        }

        test("taken back from a move that was cut off, it is the broker's again") {
            Move().use { move ->
                move.terminal.run("migrate", "--take-back").badly("no move of it was begun")
                move.killedAfter(MoveStep.SEALED)
                move.refusesWrites() shouldBe true
                move.terminal.run("migrate", "--take-back").well().out shouldContain "can be written again"
                move.takesWrites() shouldBe true
                move.stop()
                move.killedAfter(MoveStep.SEALED)
                val alone = Terminal("SESAME_DATA_DIR" to "${move.dir}")
                alone.run("migrate", "--take-back").badly("name the PostgreSQL")
                alone.run("migrate", "--take-back", "--postgres-is-gone").well()
                TestBroker(move.dir, token = move.token).use { it.requester().asked() }
            }
        }
    })
