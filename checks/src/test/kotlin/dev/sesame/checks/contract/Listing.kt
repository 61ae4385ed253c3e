package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonNull

internal fun FunSpec.listing(broker: () -> BrokerUnderTest) {
    test("a list goes on from its cursor, each approval once, and ends") {
        val (requester) = broker().requester()
        val asked = List(5) { requester.asked() }
        val pages = generateSequence(requester.get("/v1/approvals?limit=2")) { page ->
            page.text("next_cursor")?.let { requester.get("/v1/approvals?limit=2&cursor=$it") }
        }.toList()
        pages.flatMap { it.ids } shouldContainExactlyInAnyOrder asked
        pages.all { it.ids.size <= 2 } shouldBe true
    }

    test("newest first; status, action and dedup key narrow it") {
        val (requester) = broker().requester()
        val denied = requester.asked("action" to "a").also { broker().approver().decide(it, "deny") }
        val keyed = requester.asked("action" to "b", "dedup_key" to "k")
        requester.get("/v1/approvals?status=denied").ids shouldContainExactly listOf(denied)
        requester.get("/v1/approvals?action=b").ids shouldContainExactly listOf(keyed)
        requester.get("/v1/approvals?dedup_key=k").ids shouldContainExactly listOf(keyed)
        requester.get("/v1/approvals?status=expired").ids shouldBe emptyList()
        requester.get("/v1/approvals").at("next_cursor") shouldBe JsonNull
    }

    test("by ids come those that are there and the caller's own") {
        val (requester) = broker().requester()
        val mine = List(3) { requester.asked() }
        val foreign = broker().requester().first.asked()
        val answer = requester.get("/v1/approvals?ids=${(mine + foreign + "nonsense").joinToString(",")}")
        answer.ids shouldContainExactlyInAnyOrder mine
        requester.get("/v1/approvals?ids=").ids shouldBe emptyList()
        val tooMany = List(101) { "ap_" + "a".repeat(26) }.joinToString(",")
        requester.get("/v1/approvals?ids=$tooMany").wrongFields shouldBe listOf("ids")
    }

    test("an approver's inbox holds what anybody asked") {
        val (requester) = broker().requester()
        val id = requester.asked("action" to "inbox.this")
        broker().approver().get("/v1/inbox?status=pending&action=inbox.this").ids shouldContain id
    }
}
