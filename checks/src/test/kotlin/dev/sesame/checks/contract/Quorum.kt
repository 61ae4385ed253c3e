package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.jsonArray
import java.util.UUID

/** A group of its own. */
private fun BrokerUnderTest.groupOf(vararg people: Caller): String =
    "group ${UUID.randomUUID()}".also { name -> people.forEach { move(it, name) } }

internal fun FunSpec.quorum(broker: () -> BrokerUnderTest) {
    test("of two, the first approval is seen and decides nothing, also twice; the second decides") {
        val (requester) = broker().requester()
        val (ann, bob) = List(2) { broker().approver() }
        val id = requester.asked("approvals_required" to 2)
        repeat(2) { ann.decide(id, "approve", "note" to "once").told shouldBe "200 pending" }
        requester.read(id).at("votes").jsonArray.size shouldBe 1
        bob.decide(id, "approve").told shouldBe "200 approved"
        requester.read(id).at("votes").jsonArray.size shouldBe 2
    }

    test("one denial ends it, also by who had approved") {
        val (requester) = broker().requester()
        val (ann, bob) = List(2) { broker().approver() }
        val id = requester.asked("approvals_required" to 2)
        ann.decide(id, "approve")
        ann.decide(id, "deny").told shouldBe "200 denied"
        bob.decide(id, "approve").told shouldBe "409 already_decided"
    }

    test("one of each group, nobody counted for two") {
        val (requester) = broker().requester()
        val (ann, bob, cem) = List(3) { broker().approver() }
        val (one, two) = listOf(broker().groupOf(ann, bob), broker().groupOf(bob, cem))
        fun ask() = requester.asked("approvals_per_group" to json(one to 1, two to 1)).also {
            requester.read(it)["approvals_required"] shouldBe "2"
        }
        val first = ask()
        bob.decide(first, "approve").told shouldBe "200 pending"
        ann.decide(first, "approve").told shouldBe "200 approved"
        val second = ask()
        ann.decide(second, "approve").told shouldBe "200 pending"
        cem.decide(second, "approve").told shouldBe "200 approved"
    }

    test("who isn't asked neither reads nor answers") {
        val (requester) = broker().requester()
        val (ann, bob) = List(2) { broker().approver() }
        val id = requester.asked("groups" to listOf(broker().groupOf(ann)))
        bob.read(id).told shouldBe "404 not_found"
        bob.get("/v1/inbox").ids.contains(id) shouldBe false
        val refused = bob.decide(id, "deny")
        refused.told shouldBe "403 not_in_group"
        refused.json.containsKey("approval") shouldBe false
        broker().admin.read(id).told shouldBe "200 pending"
        broker().admin.decide(id, "approve").told shouldBe "403 not_in_group"
        ann.get("/v1/inbox").ids.contains(id) shouldBe true
        ann.decide(id, "approve").told shouldBe "200 approved"
    }

    test("who left the group, or was removed, after voting counts no more") {
        val (requester) = broker().requester()
        val (ann, bob, cem) = List(3) { broker().approver() }
        val group = broker().groupOf(ann, bob, cem)
        val grouped = requester.asked("groups" to listOf(group), "approvals_required" to 2)
        val open = requester.asked("approvals_required" to 2)
        listOf(grouped, open).forEach { ann.decide(it, "approve") }
        broker().move(ann, group, isIn = false)
        bob.decide(grouped, "approve").told shouldBe "200 pending"
        cem.decide(grouped, "approve").told shouldBe "200 approved"
        broker().remove(ann)
        ann.decide(open, "approve").told shouldBe "401 unauthorized"
        bob.decide(open, "approve").told shouldBe "200 pending"
        cem.decide(open, "approve").told shouldBe "200 approved"
    }

    test("what nobody could approve is refused at the asking") {
        val (requester) = broker().requester()
        val ann = broker().approver()
        val group = broker().groupOf(ann)
        requester.ask("groups" to listOf("no group")).wrongFields shouldBe listOf("groups")
        requester.ask("groups" to listOf(group), "approvals_required" to 2).wrongFields shouldBe listOf("approvals_required")
        val other = broker().groupOf(ann)
        broker().move(broker().approver(), other)
        val both = json(group to 1, other to 2)
        requester.ask("approvals_per_group" to both).wrongFields shouldBe listOf("approvals_required")
        requester.ask("approvals_per_group" to json(group to 1, other to 1)).told shouldBe "201 pending"
    }

    test("a test request asks whom it will: nobody is waited for") {
        val (_, test) = broker().requester()
        test.ask(
            "groups" to listOf("no group"),
            "approvals_required" to 9,
            "test" to json("decide" to "approve"),
        )["approvals_required"] shouldBe
            "9"
    }

    test("who stands behind the requester doesn't answer, unless that is allowed") {
        val owner = broker().approver()
        val id = broker().requesterOwnedBy(owner).asked()
        listOf("approve", "deny").forEach { owner.decide(id, it).told shouldBe "403 self_approval" }
        broker().approver().decide(id, "approve").told shouldBe "200 approved"
        owner.decide(broker().requesterOwnedBy(owner, allowSelf = true).asked(), "approve").told shouldBe "200 approved"
    }
}
