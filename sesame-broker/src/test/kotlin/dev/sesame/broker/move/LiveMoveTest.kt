package dev.sesame.broker.move

import dev.sesame.Approvers
import dev.sesame.Sesame
import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.PostgresIsHere
import dev.sesame.broker.store.postgres.PostgresServer
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlin.io.path.readText

/** A move beside a running broker, in processes of their own. */
@EnabledIf(PostgresIsHere::class)
class LiveMoveTest :
    FunSpec({
        test("programs that wait meanwhile, and one that asks, hear of their decisions from the new broker; each block runs once") {
            val dir = temporaryDirectory()
            val url = PostgresServer.urlOf(PostgresServer.emptyDatabase())
            val old = autoClose(BrokerProcess.broker(dir))
            val address = old.ready()
            val sesame = autoClose(
                Sesame {
                    apiKey = dir.resolve("api-key").readText().trim()
                    brokerUrl = address
                },
            )
            val person = autoClose(Approvers(dir.resolve("admin-token").readText().trim()) { brokerUrl = address })
            coroutineScope {
                val waits = List(WAITS) { n -> async { sesame.approve("move.$n") { n } } }
                withContext(Dispatchers.IO) {
                    awaitThat("all to be asked") { runBlocking { person.pending().toList().size } == WAITS }
                }
                val mover = async(Dispatchers.IO) { Terminal("SESAME_DATA_DIR" to "$dir", "SESAME_DATABASE_URL" to url).run("migrate") }
                val late = async { sesame.approve("move.late") { WAITS } }
                mover.await().well().out shouldContain "sesame.db.moved now"
                old.exitCode() shouldBe 0
                old.err shouldContain "this broker ends: its database was moved to"

                val environment = mapOf(
                    "SESAME_DATABASE_URL" to url,
                    "SESAME_SECRETS_KEY" to dir.resolve("secrets.key").readText().trim(),
                    "SESAME_PORT" to address.substringAfterLast(':'),
                )
                val new = autoClose(BrokerProcess(environment, listOf("broker", "--data-dir", "$dir")))
                new.ready() shouldBe address
                withContext(Dispatchers.IO) {
                    awaitThat("the last to be asked") { runBlocking { person.pending().toList().size } == WAITS + 1 }
                }
                person.pending().toList().forEach { person.approve(it.id) }
                (waits + late).awaitAll() shouldBe List(WAITS + 1) { it }
                new.stop()
                new.exitCode() shouldBe 0
            }
        }
    })

private const val WAITS = 30
