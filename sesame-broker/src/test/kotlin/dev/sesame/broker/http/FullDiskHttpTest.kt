package dev.sesame.broker.http

import dev.sesame.broker.Answer
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors

/** A database that can't grow answers SQLITE_FULL, as it does on a full disk (sqlite.org/rescode.html#full). */
class FullDiskHttpTest :
    FunSpec({
        val broker = autoClose(WiredBroker())
        val requester = broker.requester()
        val approver = broker.approver()

        fun large() = requester.ask("reason" to "x".repeat(3_900))

        fun Answer.isUnavailable() = withClue(this) {
            this shouldBeRefusedWith (503 to "unavailable")
            header("Retry-After") shouldBe "5"
        }

        /** What was opened until the disk was full. */
        fun fill(): Map<String, JsonObject> {
            broker.leaveRoom(60)
            val answers = generateSequence { large() }.take(200).takeWhile { it.status == 201 }.toList()
            large().isUnavailable()
            return answers.associate { it["approval_id"] to it.json }
        }

        fun Map<String, JsonObject>.areAllThere() = forEach { (id, json) -> requester.read(id).json shouldBe json }

        test("opening and deciding answer 503 with Retry-After, what was answered is there, and both work once there is room") {
            val kept = fill()
            kept.size shouldBeGreaterThan 5
            val (first, second) = kept.keys.take(2)
            repeat(3) { large().isUnavailable() }
            approver.decide(first, "approve", "note" to "x".repeat(4_000)).isUnavailable()
            kept.areAllThere()
            requester.http.get("/v1/approvals").ids.size shouldBe 20
            broker.nobody.get("/readyz").shouldBeOk() // it can be read

            broker.leaveRoom(null)
            large().status shouldBe 201
            approver.decide(first, "approve", "note" to "x".repeat(4_000)).shouldBeOk().text("status") shouldBe "approved"
            approver.decide(second, "deny").shouldBeOk()
            (kept - first - second).areAllThere()
        }

        test("of many at once each is answered by itself, and what was answered with 201 is there") {
            broker.leaveRoom(20)
            val answers = Executors.newVirtualThreadPerTaskExecutor().use { threads ->
                List(100) { CompletableFuture.supplyAsync(::large, threads) }.map { it.join() }
            }
            val (opened, refused) = answers.partition { it.status == 201 }
            refused.size shouldBeGreaterThan 0
            refused.forEach { it.isUnavailable() }
            broker.leaveRoom(null)
            opened.associate { it["approval_id"] to it.json }.areAllThere()
            val all = generateSequence(requester.http.get("/v1/approvals?limit=100")) { page ->
                page.text("next_cursor")?.let { requester.http.get("/v1/approvals?limit=100&cursor=$it") }
            }.flatMap { it.ids }.toSet()
            (opened.map { it["approval_id"] } - all).shouldBeEmpty()
            large().status shouldBe 201
        }
    })
