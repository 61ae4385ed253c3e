package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe

internal fun FunSpec.testMode(broker: () -> BrokerUnderTest) {
    test("live and test never meet: not by dedup key, id, list or feed") {
        val (live, test) = broker().requester()
        val liveId = live.asked("dedup_key" to "k")
        val tested = test.ask("dedup_key" to "k", "action" to "other")
        tested.told shouldBe "201 pending"
        tested["mode"] shouldBe "test"
        tested["approval_id"] shouldNotBe liveId
        live.read(tested["approval_id"]).told shouldBe "404 not_found"
        test.read(liveId).told shouldBe "404 not_found"
        live.get("/v1/approvals").ids shouldContainExactly listOf(liveId)
        test.get("/v1/approvals").ids shouldContainExactly listOf(tested["approval_id"])
        FeedReader(live).use { feed ->
            feed.next()
            test.ask("test" to json("decide" to "approve"))
            live.post("/v1/approvals/$liveId/cancel")
            feed.next().getValue("data").contains(liveId) shouldBe true
        }
    }

    test("a test request is answered as it says, by nobody, and runs under a claim like any other") {
        val (_, test) = broker().requester()
        val id = test.asked("test" to json("decide" to "approve", "note" to "so be it"))
        val answer = test.get("/v1/approvals/$id?wait=true&timeout_seconds=5")
        answer.told shouldBe "200 approved"
        listOf("decision.via", "decision.note", "decision.by").map(answer::text) shouldBe listOf("test", "so be it", null)
        val token = test.claim(id)["claim_token"]
        test.report(id, token, "succeeded").status shouldBe 200
        val denied = test.asked("test" to json("decide" to "deny"))
        test.read(denied).told shouldBe "200 denied"
    }

    test("no person sees or answers a test request") {
        val (_, test) = broker().requester()
        val id = test.asked("action" to "test.unseen")
        broker().approver().decide(id, "approve").told shouldBe "404 not_found"
        broker().approver().get("/v1/inbox?action=test.unseen").ids shouldBe emptyList()
        test.read(id).told shouldBe "200 pending"
    }

    test("the field test has its own limits, told with their paths") {
        val (_, test) = broker().requester()
        test.ask("test" to json("decide" to "perhaps")).wrongFields shouldBe listOf("test.decide")
        test.ask("test" to json("decide" to "deny", "after_ms" to 600_001)).wrongFields shouldBe listOf("test.after_ms")
        test.ask("test" to json("decide" to "deny", "who" to "me")).wrongFields shouldBe listOf("test.who")
        test.ask("test" to "approve").wrongFields shouldBe listOf("test")
    }
}
