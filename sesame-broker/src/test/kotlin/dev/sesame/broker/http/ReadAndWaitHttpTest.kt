package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.TestBroker
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTimedValue

class ReadAndWaitHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())

        test("a wait for what is decided already returns at once") {
            val requester = broker.requester()
            val id = requester.asked()
            broker.approver().approve(id)
            val (answer, took) = measureTimedValue { requester.http.get("/v1/approvals/$id?wait=true&timeout_seconds=50") }
            (answer.status to answer.text("status")) shouldBe (200 to "approved")
            took shouldBeLessThan 5.seconds
        }

        test("each of the ends lets a held wait go, with the document") {
            val requester = broker.requester()
            val approver = broker.approver()
            val ends = mapOf<String, (String) -> Any>(
                "approved" to approver::approve,
                "denied" to { id -> approver.decide(id, "deny") },
                "cancelled" to { id -> requester.http.post("/v1/approvals/$id/cancel") },
            )
            ends.forEach { (status, end) ->
                val id = requester.asked()
                val held = List(3) { requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50") }
                held.forEach { withClue("nothing is decided yet") { it.isDone shouldBe false } }
                end(id)
                held.forEach { it.get(5, TimeUnit.SECONDS).text("decision.status") shouldBe status }
            }
        }

        test("an approver may wait too") {
            val requester = broker.requester()
            val approver = broker.approver()
            val id = requester.asked()
            val held = approver.http.getLater("/v1/approvals/$id?wait=true")
            approver.approve(id)
            held.get(5, TimeUnit.SECONDS).text("status") shouldBe "approved"
        }

        test("a wait whose time is over is 200 with what stands: pending") {
            val requester = broker.requester()
            val id = requester.asked()
            listOf(0 to 0.seconds, 1 to 1.seconds).forEach { (asked, least) ->
                val (answer, took) = measureTimedValue { requester.http.get("/v1/approvals/$id?wait=true&timeout_seconds=$asked") }
                (answer.status to answer.text("status")) shouldBe (200 to "pending")
                took shouldBeBetween (least - 10.milliseconds)..(least + 2.seconds)
            }
        }

        test("a time below zero is none, and one above fifty is not refused") {
            val requester = broker.requester()
            val id = requester.asked()
            requester.http.get("/v1/approvals/$id?wait=true&timeout_seconds=-7").text("status") shouldBe "pending"
            val held = requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=999999999999")
            broker.approver().approve(id)
            held.get(5, TimeUnit.SECONDS).text("status") shouldBe "approved"
        }

        test("without wait=true nothing is held") {
            val requester = broker.requester()
            val id = requester.asked()
            listOf("", "?wait=false", "?timeout_seconds=50", "?wait=false&timeout_seconds=50").forEach {
                val (answer, took) = measureTimedValue { requester.http.get("/v1/approvals/$id$it") }
                answer.text("status") shouldBe "pending"
                took shouldBeLessThan 5.seconds
            }
        }

        test("a wait for what is not there is 404 at once") {
            val (answer, took) = measureTimedValue { broker.requester().http.get("/v1/approvals/${ids.approval()}?wait=true") }
            (answer.status to answer.text("code")) shouldBe (404 to "not_found")
            took shouldBeLessThan 5.seconds
        }

        test("parameters that say nothing known are 422 and named") {
            val requester = broker.requester()
            val id = requester.asked()
            mapOf(
                "wait=yes" to "wait",
                "wait=true&timeout_seconds=long" to "timeout_seconds",
                "wiat=true" to "wiat",
            ).forEach { (query, field) ->
                val answer = requester.http.get("/v1/approvals/$id?$query")
                answer.status shouldBe 422
                answer.wrongFields shouldContainExactly listOf(field)
            }
        }

        test("no read shows pending past the expiry, though no worker has been round") {
            ClockedBroker().use { clocked ->
                val requester = clocked.requester()
                val read = requester.asked("expires_in" to 10)
                val waited = requester.asked("expires_in" to 10)
                val listed = requester.asked("expires_in" to 10)
                val filtered = requester.asked("expires_in" to 10)
                clocked.clock.moveSeconds(9)
                requester.read(read).text("status") shouldBe "pending"
                clocked.clock.moveSeconds(1)
                requester.read(read).text("status") shouldBe "expired"
                requester.http.get("/v1/approvals/$waited?wait=true").text("status") shouldBe "expired"
                requester.http.get("/v1/approvals?ids=$listed").list("approvals").single()["status"].toString() shouldBe "\"expired\""
                requester.http.get("/v1/approvals?status=pending").ids shouldBe emptyList()
                requester.read(filtered).text("decision.status") shouldBe "expired"
            }
        }
    })

private infix fun Duration.shouldBeBetween(range: ClosedRange<Duration>) = withClue("$this in $range") { (this in range) shouldBe true }
