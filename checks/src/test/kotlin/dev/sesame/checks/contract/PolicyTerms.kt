package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonNull
import java.time.Duration
import java.time.Instant
import java.util.UUID

internal fun FunSpec.policyTerms(broker: () -> BrokerUnderTest) {
    val action = "policy.terms"

    fun groupOf(vararg people: Caller): String = "group ${UUID.randomUUID()}".also { name -> people.forEach { broker().move(it, name) } }

    fun Answer.people() = listOf("groups", "approvals_required", "approvals_per_group").map { "${at(it)}" }

    test("a rule's terms tighten what is asked: its groups, its numbers, its time") {
        val (ann, bob) = List(2) { broker().approver() }
        val (one, two) = listOf(groupOf(ann), groupOf(bob))
        broker().policy(action, Terms(listOf(one, two), each = mapOf(two to 1)))
        val live = broker().requester().first
        live.ask("action" to action).people() shouldBe listOf("[\"$one\",\"$two\"]", "1", "{\"$two\":1}")
        val both = live.ask("action" to action, "approvals_per_group" to json(one to 1, two to 1), "expires_in" to 86_400)
        both.people() shouldBe listOf("[\"$one\",\"$two\"]", "2", "{\"$one\":1,\"$two\":1}")
        Duration.between(Instant.parse(both["created_at"]), Instant.parse(both["expires_at"])).seconds shouldBe 7_200L
        ann.post("/v1/approvals/${both["approval_id"]}/extend", "expires_in" to 80_000).wrongFields shouldBe listOf("expires_in")
        live.ask("action" to action, "groups" to listOf(one)).wrongFields shouldBe listOf("groups")
        live.ask("action" to action, "groups" to listOf("other")).wrongFields shouldBe listOf("groups")
        live.ask("action" to action, "approvals_required" to 3).wrongFields shouldBe listOf("approvals_required")
    }

    test("the same call finds its approval when the policy has changed, and another one doesn't") {
        val (one, two) = List(2) { groupOf(broker().approver()) }
        val live = broker().requester().first
        val same = arrayOf<Pair<String, Any?>>("action" to action, "dedup_key" to "k", "groups" to listOf(one, two))
        broker().policy(action, Terms(listOf(one)))
        val first = live.ask(*same)
        first.people() shouldBe listOf("[\"$one\"]", "1", "{}")
        listOf(Terms(listOf(two), approvals = 1), Terms(listOf("no such group")), Terms(listOf(one, two), each = mapOf(two to 1))).forEach {
            broker().policy(action, it)
            live.ask(*same).let { again -> again.told to again.json } shouldBe ("200 pending" to first.json)
        }
        live.ask("action" to action, "dedup_key" to "k", "groups" to listOf(one)).told shouldBe "409 dedup_conflict"
    }

    test("the rule says whether the owner may answer, however the requester was made") {
        val owner = broker().approver()
        val groups = listOf(groupOf(owner, broker().approver()))
        val (strict, lenient) = listOf(false, true).map { broker().requesterOwnedBy(owner, allowSelf = it) }
        fun answered(requester: Caller) = owner.decide(requester.ask("action" to action)["approval_id"], "approve").told
        broker().policy(action, Terms(groups, allowSelf = true))
        listOf(strict, lenient).map(::answered) shouldBe listOf("200 approved", "200 approved")
        broker().policy(action, Terms(groups, allowSelf = false))
        listOf(strict, lenient).map(::answered) shouldBe listOf("403 self_approval", "403 self_approval")
        broker().policy(action, Terms(groups))
        listOf(strict, lenient).map(::answered) shouldBe listOf("403 self_approval", "200 approved")
    }

    test("the document says to whom it will escalate, of those that the caller named; until then they aren't asked") {
        val (ann, bob) = List(2) { broker().approver() }
        val (one, two) = listOf(groupOf(ann), groupOf(bob))
        val live = broker().requester().first
        broker().policy(action, Terms(listOf(one), escalatesTo = two))
        val asked = live.ask("action" to action)
        listOf("escalation.groups", "escalation.escalated_at").map { "${asked.at(it)}" } shouldBe listOf("[\"$two\"]", "null")
        Instant.parse(asked["escalation.at"]) shouldBe Instant.parse(asked["created_at"]).plusSeconds(3_600)
        bob.read(asked["approval_id"]).told shouldBe "404 not_found"
        bob.decide(asked["approval_id"], "approve").told shouldBe "403 not_in_group"
        live.ask("action" to action, "groups" to listOf(one)).at("escalation") shouldBe JsonNull
        broker().policy(action, Terms(listOf(one), escalatesTo = "no such group"))
        live.ask("action" to action).wrongFields shouldBe listOf("groups")
    }
}
