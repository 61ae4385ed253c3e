package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Duration
import java.time.Instant

internal fun FunSpec.claiming(broker: () -> BrokerUnderTest) {
    fun approved(requester: Caller): String = requester.asked().also { broker().approver().decide(it, "approve") }

    test("a claim answers its token, how long it holds, and the document that says so") {
        val (requester) = broker().requester()
        val id = approved(requester)
        val answer = requester.claim(id, "lease_seconds" to 300)
        answer.json.keys shouldBe setOf("claim_token", "lease_until", "approval")
        answer["approval.execution.state"] shouldBe "claimed"
        Duration.between(Instant.parse(answer["approval.execution.claimed_at"]), Instant.parse(answer["lease_until"])) shouldBe
            Duration.ofMinutes(5)
        answer.at("approval") shouldBe requester.read(id).json
    }

    test("the same claimant again gets the same token; another one is told that it is claimed") {
        val (requester) = broker().requester()
        val id = approved(requester)
        val claimant = Caller.claimant()
        val first = requester.claim(id, "claimant" to claimant)
        requester.claim(id, "claimant" to claimant)["claim_token"] shouldBe first["claim_token"]
        requester.claim(id).told shouldBe "409 already_claimed"
        requester.claim(id, "after_unknown" to true).told shouldBe "409 already_claimed"
    }

    test("of many claimants at once, one gets it") {
        val (requester) = broker().requester()
        val id = approved(requester)
        val answers = coroutineScope { List(8) { async(Dispatchers.IO) { requester.claim(id) } }.awaitAll() }
        answers.map { it.told }.sorted() shouldBe listOf("200") + List(7) { "409 already_claimed" }
    }

    test("only what was approved can be claimed, by its hash, in a body of its form") {
        val (requester) = broker().requester()
        val pending = requester.asked()
        requester.claim(pending).told shouldBe "409 not_approved"
        val id = approved(requester)
        requester.claim(id, "context_hash" to "sha256:" + "0".repeat(64)).told shouldBe "409 context_mismatch"
        requester.claim(id, "claimant" to "short").wrongFields shouldBe listOf("claimant")
        requester.claim(id, "claimant" to "!".repeat(22)).wrongFields shouldBe listOf("claimant")
        listOf(9, 301).forEach { requester.claim(id, "lease_seconds" to it).wrongFields shouldBe listOf("lease_seconds") }
        requester.claim(id, "nonsense" to 1).wrongFields shouldBe listOf("nonsense")
        requester.read(id).text("execution.state") shouldBe null
    }

    test("a success ends it: the same report again is fine, any other and any claim is refused") {
        val (requester) = broker().requester()
        val id = approved(requester)
        val token = requester.claim(id)["claim_token"]
        repeat(2) { requester.report(id, token, "succeeded")["execution.state"] shouldBe "succeeded" }
        requester.report(id, token, "failed").told shouldBe "409 already_executed"
        requester.claim(id).told shouldBe "409 already_executed"
        requester.claim(id, "after_unknown" to true).told shouldBe "409 already_executed"
    }

    test("a run that did nothing may be claimed again, with a new token; the old one's word no longer counts") {
        val (requester) = broker().requester()
        val id = approved(requester)
        val old = requester.claim(id)["claim_token"]
        requester.report(id, old, "failed")["execution.state"] shouldBe "failed"
        val token = requester.claim(id)["claim_token"]
        token shouldNotBe old
        requester.report(id, old, "succeeded").told shouldBe "409 claim_lost"
        requester.report(id, token, "succeeded").told shouldBe "200 approved"
    }

    test("an unknown outcome holds everybody off, until somebody says otherwise") {
        val (requester) = broker().requester()
        val id = approved(requester)
        val token = requester.claim(id)["claim_token"]
        requester.report(id, token, "unknown")["execution.state"] shouldBe "unknown"
        requester.claim(id).told shouldBe "409 outcome_unknown"
        val newer = requester.claim(id, "after_unknown" to true)["claim_token"]
        requester.report(id, token, "succeeded").told shouldBe "409 claim_lost"
        requester.report(id, newer, "unknown").status shouldBe 200
        broker().approver().post("/v1/approvals/$id/outcome", "outcome" to "succeeded").told shouldBe "403 forbidden"
        broker().admin.post("/v1/approvals/$id/outcome", "outcome" to "succeeded", "detail" to "looked")["execution.detail"] shouldBe
            "looked"
        requester.claim(id).told shouldBe "409 already_executed"
    }

    test("a made-up token, an unknown outcome word, and a report before any claim are refused") {
        val (requester) = broker().requester()
        val id = approved(requester)
        requester.report(id, "ct_x", "succeeded").told shouldBe "409 claim_lost"
        requester.claim(id)
        requester.report(id, "ct_x", "succeeded").told shouldBe "409 claim_lost"
        requester.report(id, "ct_x", "perhaps").wrongFields shouldBe listOf("outcome")
        requester.post("/v1/approvals/$id/outcome", "outcome" to "failed").wrongFields shouldBe listOf("claim_token")
    }
}
