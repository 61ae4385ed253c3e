package dev.sesame.broker.http

import dev.sesame.broker.TestBroker
import dev.sesame.broker.json
import dev.sesame.internal.CanonicalJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeUnique
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.JsonNull
import java.time.Duration
import java.time.Instant

class OpenHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())

        test("a new request is 201 with the whole document") {
            val requester = broker.requester()
            val context = json("order" to "A-1001", "cents" to 1250)
            val answer = requester.ask(
                "reason" to "twice charged",
                "context" to context,
                "dedup_key" to "refund A-1001",
                "requested_by" to "agent 7",
                "risk_score" to 0.25,
            )
            answer.status shouldBe 201
            answer.header("Content-Type") shouldMatch "application/json.*"
            answer.text("approval_id") shouldMatch "ap_[a-z2-7]{26}"
            answer.json.keys shouldContainExactlyInAnyOrder DOCUMENT
            mapOf(
                "mode" to "live", "action" to "payments.refund", "summary" to "Refund A-1001", "reason" to "twice charged",
                "dedup_key" to "refund A-1001", "requested_by" to "agent 7", "risk_score" to "0.25", "status" to "pending",
                "requester_label" to requester.name, "claim" to "required", "approvals_required" to "1",
                "approval_url" to "${broker.url}/approvals/${answer.text("approval_id")}",
            ).forEach { (field, value) -> (field to answer.text(field)) shouldBe (field to value) }
            answer.at("context") shouldBe context
            answer.at("decision") shouldBe JsonNull
            answer.at("execution") shouldBe JsonNull
            answer.text("request_hash") shouldBe CanonicalJson.requestHash("payments.refund", context)
            answer.text("context_hash") shouldBe answer.text("request_hash")
            requester.read(answer.text("approval_id")!!).json shouldBe answer.json
        }

        test("a request that says only what it must gets the defaults: no context, a day to answer") {
            val answer = broker.requester().ask()
            answer.status shouldBe 201
            answer.at("context") shouldBe json()
            lifetime(answer.text("created_at"), answer.text("expires_at")) shouldBe Duration.ofDays(1)
            listOf("reason", "dedup_key", "requested_by", "risk_score", "callback_url", "decided_at", "valid_until", "rule")
                .forEach { (it to answer.at(it)) shouldBe (it to JsonNull) }
        }

        test("expires_in and expires_at are kept, up to thirty days") {
            val requester = broker.requester()
            val short = requester.ask("expires_in" to 10)
            lifetime(short.text("created_at"), short.text("expires_at")) shouldBe Duration.ofSeconds(10)
            val long = requester.ask("expires_in" to 30 * 86_400)
            lifetime(long.text("created_at"), long.text("expires_at")) shouldBe Duration.ofDays(30)
            requester.ask("expires_at" to "2099-01-01T00:00:00Z").wrongFields shouldContainExactly listOf("expires_at")
            val at = Instant.ofEpochMilli(System.currentTimeMillis() + 3_600_000)
            Instant.parse(requester.ask("expires_at" to "$at".replace("Z", "+00:00")).text("expires_at")) shouldBe at
        }

        test("the same dedup key and question again is 200 with the same document; other fields keep the first values") {
            val requester = broker.requester()
            val first = requester.ask("dedup_key" to "key", "context" to json("a" to 1, "b" to 2))
            val again = requester.ask(
                "dedup_key" to "key",
                "context" to json("b" to 2, "a" to 1),
                "summary" to "Reworded",
                "reason" to "new",
            )
            again.status shouldBe 200
            again.json shouldBe first.json
        }

        test("the same dedup key with another action or context is 409 dedup_conflict, never an attach") {
            val requester = broker.requester()
            val id = requester.asked("dedup_key" to "key", "context" to json("a" to 1))
            listOf(
                requester.ask("dedup_key" to "key", "context" to json("a" to 2)),
                requester.ask("dedup_key" to "key", "action" to "other"),
            )
                .forEach {
                    it.status shouldBe 409
                    it.text("code") shouldBe "dedup_conflict"
                }
            requester.http.get("/v1/approvals").ids shouldContainExactly listOf(id)
        }

        test("a key whose request was decided stands for it still; a cancelled one is free") {
            val requester = broker.requester()
            val approver = broker.approver()
            val denied = requester.asked("dedup_key" to "denied")
            approver.decide(denied, "deny").status shouldBe 200
            val again = requester.ask("dedup_key" to "denied")
            (again.status to again.text("status")) shouldBe (200 to "denied")

            val cancelled = requester.asked("dedup_key" to "cancelled")
            requester.http.post("/v1/approvals/$cancelled/cancel").status shouldBe 200
            val anew = requester.ask("dedup_key" to "cancelled", "action" to "another")
            anew.status shouldBe 201
            (anew.text("approval_id") == cancelled) shouldBe false
        }

        test("one dedup key is another one for another requester") {
            val ids = List(3) { broker.requester().asked("dedup_key" to "shared") }
            ids.shouldBeUnique()
        }

        test("of many calls at once with one key, one makes it and all get the same approval") {
            val requester = broker.requester()
            val answers = coroutineScope { List(16) { async(Dispatchers.IO) { requester.ask("dedup_key" to "key") } }.awaitAll() }
            answers.map { it.status }.sorted() shouldContainExactly List(15) { 200 } + 201
            answers.map { it.text("approval_id") }.toSet().size shouldBe 1
        }

        test("requests without a key are each a new one") {
            val requester = broker.requester()
            List(2) { requester.asked() }.shouldBeUnique()
        }

        test("an approver doesn't ask: 403") {
            val answer = broker.approver().http.post("/v1/approvals", "action" to "a", "summary" to "b")
            (answer.status to answer.text("code")) shouldBe (403 to "forbidden")
        }
    })

private fun lifetime(from: String?, to: String?) = Duration.between(Instant.parse(from), Instant.parse(to))

/** Every field of the contract's document. */
private val DOCUMENT = (
    "approval_id mode action summary reason context request_hash context_hash callback_url dedup_key status created_at expires_at " +
        "decided_at valid_until requester_label requested_by risk_score editable approvals_required groups " +
        "approvals_per_group escalation votes approval_url rule claim decision execution redacted"
    ).split(" ")
