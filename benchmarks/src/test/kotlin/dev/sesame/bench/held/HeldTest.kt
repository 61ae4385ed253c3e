package dev.sesame.bench.held

import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.seconds

class HeldTest :
    FunSpec({
        val scratch = tempdir().toPath()

        test("a small round holds polls and waits over feeds, wakes all of them, and says what they cost") {
            val said = ArrayList<String>()
            val isGood = HeldBench(
                HeldPlan(polls = 50, waits = 100, clients = 2, idleSeconds = 1, rounds = 1, looksAtPair = false),
                scratch,
                said::add,
            ).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                said.filter { it.startsWith("lost=") } shouldBe listOf("lost=0 of 100 polls", "lost=0 of 100 waits")
                listOf(
                    "held calls: heap each",
                    "kept-alive connections",
                    "one call that wakes all",
                    "idle, as many calls held",
                ).forEach { row ->
                    said.single { it.startsWith(row) } shouldContain Regex("[0-9]")
                }
                listOf("client heap each", "broker heap each", "requests/s while idle", "idle broker").forEach { row ->
                    said.single { it.startsWith(row) } shouldContain Regex("[0-9]")
                }
            }
        }

        test("an answer that isn't the one that was waited for is lost, and not counted as told") {
            EchoServer("HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"status\":\"expired\"}".replace("19", "20")).use { server ->
                HeldPolls(server.url, HeldCalls(listOf("/a"), credential = null, sign = "\"status\":\"denied\"")).use { polls ->
                    polls.open()
                    server.awaitAnswered()
                    eventually(10.seconds) { polls.faults shouldBe 1 }
                    polls.ends(withinSeconds = 0).toList() shouldBe listOf(0L)
                }
            }
        }
    })
