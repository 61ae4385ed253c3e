package dev.sesame.checks.contract

import dev.sesame.internal.CanonicalJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldMatch
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.JsonNull
import java.time.Duration
import java.time.Instant

internal fun FunSpec.opening(broker: () -> BrokerUnderTest) {
    test("a new request is 201 with the whole document") {
        val (requester) = broker().requester()
        val context = json("order" to "A-1001", "cents" to 1250)
        val answer = requester.ask("reason" to "twice charged", "context" to context, "dedup_key" to "k", "risk_score" to 0.25)
        answer.told shouldBe "201 pending"
        answer.json.keys shouldContainExactlyInAnyOrder DOCUMENT
        answer["approval_id"] shouldMatch "ap_[a-z2-7]{26}"
        answer.at("context") shouldBe context
        answer["request_hash"] shouldBe CanonicalJson.requestHash("payments.refund", context)
        answer["context_hash"] shouldBe answer["request_hash"]
        answer["claim"] shouldBe "required"
        answer["mode"] shouldBe "live"
        listOf("decision", "execution", "decided_at", "valid_until").forEach { answer.at(it) shouldBe JsonNull }
        requester.read(answer["approval_id"]).json shouldBe answer.json
    }

    test("a day to answer is the default; expires_in and expires_at say otherwise") {
        val (requester) = broker().requester()
        fun lifetime(answer: Answer) = Duration.between(Instant.parse(answer["created_at"]), Instant.parse(answer["expires_at"]))
        lifetime(requester.ask()) shouldBe Duration.ofDays(1)
        lifetime(requester.ask("expires_in" to 10)) shouldBe Duration.ofSeconds(10)
        val at = Instant.ofEpochMilli(System.currentTimeMillis() + 3_600_000)
        Instant.parse(requester.ask("expires_at" to "$at")["expires_at"]) shouldBe at
    }

    test("every limit on a request is kept, and each wrong field is named") {
        val (requester) = broker().requester()
        val wrong = mapOf(
            "action" to "x".repeat(201), "summary" to "", "reason" to "x".repeat(4_001), "context" to 7, "dedup_key" to "x".repeat(256),
            "expires_in" to 9, "valid_for" to 59, "requested_by" to "x".repeat(201), "risk_score" to 1.5,
            "callback_url" to "http://a.example/",
            "expires_at" to "tomorrow", "nonsense" to 1, "groups" to listOf("ops"), "editable" to listOf("a"), "approvals_required" to 11,
            "approvals_per_group" to json("ops" to 0),
            "test" to json("decide" to "approve"),
        )
        wrong.forEach { (field, value) ->
            val answer = requester.ask(field to value)
            (field to answer.told) shouldBe (field to "422 invalid")
            answer.wrongFields shouldContainExactly listOf(field)
        }
        requester.post("/v1/approvals").wrongFields shouldContainExactly listOf("action", "summary")
        requester.ask("context" to json("n" to "12345678901234567890".toBigDecimal())).wrongFields shouldContainExactly listOf("context.n")
        val deep = (1..33).fold(json()) { inner, _ -> json("a" to inner) }
        requester.ask("context" to deep).wrongFields shouldContainExactly listOf("context")
        requester.ask("context" to json("a" to "x".repeat(70_000))).wrongFields shouldContainExactly listOf("context")
        requester.get("/v1/approvals").ids.size shouldBe 0
    }

    test("the same key and question again is 200 with the same document, whatever else was reworded") {
        val (requester) = broker().requester()
        val first = requester.ask("dedup_key" to "k", "context" to json("a" to 1, "b" to 2))
        val again = requester.ask("dedup_key" to "k", "context" to json("b" to 2, "a" to 1.0), "summary" to "Reworded")
        again.status shouldBe 200
        again.json shouldBe first.json
    }

    test("another question under the key is 409 dedup_conflict, with the approval that it stands for") {
        val (requester) = broker().requester()
        val id = requester.asked("dedup_key" to "k", "context" to json("a" to 1))
        val answers = listOf(
            requester.ask("dedup_key" to "k", "context" to json("a" to 2)),
            requester.ask(
                "dedup_key" to "k",
                "action" to "b",
            ),
        )
        answers.map { it.told } shouldContainExactly List(2) { "409 dedup_conflict" }
        answers.map { it["approval.approval_id"] } shouldContainExactly List(2) { id }
    }

    test("a cancelled request frees its key, a denied one doesn't; for another requester it is another key") {
        val (requester) = broker().requester()
        val denied = requester.asked("dedup_key" to "denied")
        broker().approver().decide(denied, "deny").told shouldBe "200 denied"
        requester.ask("dedup_key" to "denied").told shouldBe "200 denied"
        val cancelled = requester.asked("dedup_key" to "cancelled")
        requester.post("/v1/approvals/$cancelled/cancel").told shouldBe "200 cancelled"
        requester.ask("dedup_key" to "cancelled", "action" to "b").told shouldBe "201 pending"
        broker().requester().first.asked("dedup_key" to "denied") shouldNotBe denied
        requester.asked() shouldNotBe requester.asked()
    }

    test("of many calls at once with one key, one makes it and all get the same approval") {
        val (requester) = broker().requester()
        val answers = coroutineScope { List(8) { async(Dispatchers.IO) { requester.ask("dedup_key" to "k") } }.awaitAll() }
        answers.map { it.status }.sorted() shouldContainExactly List(7) { 200 } + 201
        answers.map { it["approval_id"] }.distinct().size shouldBe 1
    }
}

private val DOCUMENT = (
    "approval_id mode action summary reason context request_hash context_hash callback_url dedup_key status created_at expires_at " +
        "decided_at valid_until requester_label requested_by risk_score editable approvals_required groups " +
        "approvals_per_group escalation votes approval_url rule claim " +
        "decision execution redacted"
    ).split(" ")
