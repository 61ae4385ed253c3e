package dev.sesame.checks.contract

import dev.sesame.ApprovalDeniedException
import dev.sesame.GateOutcome
import dev.sesame.Sesame
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

internal fun FunSpec.policy(broker: () -> BrokerUnderTest) {
    val permitted = "policy.permitted"
    val denied = "policy.denied"

    fun Answer.said() = listOf("outcome", "reason_code", "rule").map(::text)

    test("a check says what the policy says, in the contract's words, and creates nothing") {
        broker().policy(permitted, denied)
        val (live, _) = broker().requester()
        fun check(action: String) = live.post("/v1/policy/check", "action" to action, "context" to json("a" to 1))
        check(permitted).said() shouldBe listOf("EXECUTE", "rule_permits", "yes")
        check(denied).said() shouldBe listOf("HALT", "rule_denies", "no")
        check(denied)["reason"] shouldBe "never"
        check("policy.else").said() shouldBe listOf("ABSTAIN", "no_rule", null)
        live.get("/v1/approvals").ids shouldBe emptyList()
        live.post("/v1/policy/check", "summary" to "a").wrongFields.toSet() shouldBe setOf("action", "summary")
        broker().approver().post("/v1/policy/check", "action" to "a").told shouldBe "403 forbidden"
    }

    test("what the policy decides is decided with the asking, in live and test mode, and told by the feed") {
        broker().policy(permitted, denied)
        val (live, test) = broker().requester()
        FeedReader(live).use { feed ->
            feed.next()
            val yes = live.ask("action" to permitted)
            yes.told shouldBe "201 approved"
            listOf("rule", "decision.via", "decision.note", "decision.by").map(yes::text) shouldBe
                listOf("yes", "policy", "the rule \"yes\" permits it", null)
            feed.next().getValue("data").contains(yes["approval_id"]) shouldBe true
            val no = live.ask("action" to denied)
            no.told shouldBe "201 denied"
            listOf("rule", "decision.via", "decision.note").map(no::text) shouldBe listOf("no", "policy", "never")
            feed.next().getValue("data").contains(no["approval_id"]) shouldBe true
            broker().approver().decide(no["approval_id"], "approve").told shouldBe "409 already_decided"
        }
        test.ask("action" to denied, "test" to json("decide" to "approve")).told shouldBe "201 denied"
        live.ask("action" to "policy.else").told shouldBe "201 pending"
    }

    test("through the client: approve returns or throws at once, and executeIfAllowed runs on a permission alone") {
        broker().policy(permitted, denied)
        Sesame {
            apiKey = broker().requester().first.credential
            brokerUrl = broker().address
            requireClaim = true
        }.use { sesame ->
            sesame.approve(permitted) { "ran" } shouldBe "ran"
            shouldThrow<ApprovalDeniedException> { sesame.approve(denied) { error("it ran") } }.note shouldBe "never"
            sesame.executeIfAllowed(permitted) { "ran" }.getOrThrow() shouldBe "ran"
            sesame.executeIfAllowed(denied) { error("it ran") }.decision.outcome shouldBe GateOutcome.HALT
            sesame.checkPolicy("policy.else").outcome shouldBe GateOutcome.ABSTAIN
        }
    }
}
