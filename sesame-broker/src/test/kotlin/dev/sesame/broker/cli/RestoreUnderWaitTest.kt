package dev.sesame.broker.cli

import dev.sesame.ApprovalNotFoundException
import dev.sesame.Approvers
import dev.sesame.Sesame
import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.Http
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.deleteIfExists
import kotlin.io.path.readText

/** A program that waits over the feed while its broker is put back to an earlier time. */
class RestoreUnderWaitTest :
    FunSpec({
        suspend fun Http.asked(action: String): String = withContext(Dispatchers.IO) {
            var ids = emptyList<String>()
            awaitThat("$action to be asked") { get("/v1/approvals?action=$action").ids.also { ids = it }.isNotEmpty() }
            ids.single()
        }

        fun putBack(copy: Path, dir: Path) {
            listOf("sesame.db", "sesame.db-wal", "sesame.db-shm").forEach { dir.resolve(it).deleteIfExists() }
            Files.copy(copy, dir.resolve("sesame.db"))
        }

        test("what was asked before the backup is waited for on, also with a cursor of what was lost; what was asked after it is unknown") {
            val dir = temporaryDirectory()
            val first = autoClose(BrokerProcess.broker(dir))
            val address = first.ready()
            val key = dir.resolve("api-key").readText().trim()
            val sesame = autoClose(
                Sesame {
                    apiKey = key
                    brokerUrl = address
                },
            )
            val person = autoClose(Approvers(dir.resolve("admin-token").readText().trim()) { brokerUrl = address })
            val http = Http(address, key)
            supervisorScope {
                val kept = async { sesame.approve("kept") { "ran" } }
                val id = http.asked("kept")
                val copy = temporaryDirectory().resolve("copy.db")
                Terminal("SESAME_DATA_DIR" to "$dir").run("backup", "$copy").well()
                coroutineScope {
                    val seen = async { sesame.approve("seen") { "ran" } }
                    person.approve(http.asked("seen"))
                    seen.await() shouldBe "ran" // the client's cursor is past the backup now
                }
                val lost = async { sesame.approve("lost") { "ran" } }
                http.asked("lost")

                first.kill()
                putBack(copy, dir)
                val again =
                    autoClose(
                        BrokerProcess(mapOf("SESAME_PORT" to address.substringAfterLast(':')), listOf("broker", "--data-dir", "$dir")),
                    )
                again.ready() shouldBe address
                again.err shouldContain "a new epoch begins"
                shouldThrow<ApprovalNotFoundException> { lost.await() }
                person.approve(id)
                kept.await() shouldBe "ran"
            }
        }
    })
