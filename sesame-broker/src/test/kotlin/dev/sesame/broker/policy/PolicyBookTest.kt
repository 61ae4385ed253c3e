package dev.sesame.broker.policy

import dev.sesame.rules.ApprovalTerms
import dev.sesame.rules.PolicyCode
import dev.sesame.rules.PolicyEffect
import dev.sesame.rules.PolicyRuling
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

class PolicyBookTest :
    FunSpec({
        test("without a rule that matches, people are asked") {
            judge() shouldBe PolicyRuling.NO_RULE
            judge(rule("elsewhere", Effect.Permit, action = "deploy.*")) shouldBe PolicyRuling.NO_RULE
            judge(rule("others", Effect.Permit, requesters = setOf("billing"))) shouldBe PolicyRuling.NO_RULE
            judge(rule("not now", Effect.Permit, Truth.DoesNotHold)) shouldBe PolicyRuling.NO_RULE
        }

        test("the first rule that matches counts, whatever comes after it") {
            val ruling = judge(rule("one", Effect.Permit, Truth.Holds), rule("two", Effect.Deny))
            ruling shouldBe PolicyRuling(PolicyEffect.PERMIT, PolicyCode.RULE_PERMITS, "the rule \"one\" permits it", "one")
            judge(rule("two", Effect.Deny), rule("one", Effect.Permit)).effect shouldBe PolicyEffect.DENY
        }

        test("a rule's own reason is told in place of its name") {
            val ruling = PolicyBook(Policy(listOf(Rule("night", rule("x", asking).actions, effect = Effect.Deny, reason = "not at night"))))
                .judge(facts())
            ruling.reason shouldBe "not at night"
            ruling.rule shouldBe "night"
        }

        test("a rule for a requester is for that one by its whole name") {
            judge(rule("shop", Effect.Permit, requesters = setOf("billing", "shop"))).effect shouldBe PolicyEffect.PERMIT
            judge(rule("shop", Effect.Permit, requesters = setOf("sho", "shop2", "SHOP"))).effect shouldBe PolicyEffect.REQUIRE_APPROVAL
        }

        test("people are asked on the terms of the rule") {
            val terms = ApprovalTerms(approvalsRequired = 2)
            judge(rule("two people", Effect.RequireApproval(terms))).terms shouldBe terms
        }

        test("a condition that can't be evaluated permits nothing: neither its own rule nor a later one") {
            listOf(
                judge(rule("broken", Effect.Permit, broken)),
                judge(rule("broken", Effect.Permit, broken), rule("later", Effect.Permit)),
                judge(rule("broken", Effect.Deny, broken), rule("later", Effect.Permit)),
                judge(rule("broken", asking, broken), rule("later", Effect.Permit)),
            ).forEach { ruling ->
                ruling.effect shouldBe PolicyEffect.REQUIRE_APPROVAL
                ruling.code shouldBe PolicyCode.CONDITION_FAILED
                ruling.rule shouldBe "broken"
                ruling.reason shouldBe "the condition of the rule \"broken\" can't be evaluated: something that it looks at is missing"
            }
        }

        test("a denial stands, whatever couldn't be evaluated before it") {
            val ruling = judge(rule("broken", Effect.Permit, broken), rule("never", Effect.Deny))
            ruling.effect shouldBe PolicyEffect.DENY
            ruling.code shouldBe PolicyCode.RULE_DENIES
            ruling.rule shouldBe "never"
        }

        test("what comes after the rule that matches isn't even looked at") {
            judge(rule("yes", Effect.Permit), rule("broken", Effect.Deny, broken)).effect shouldBe PolicyEffect.PERMIT
        }

        test("where it isn't known which rule applies, people are asked on terms that satisfy both") {
            val ruling = judge(
                rule("large", Effect.RequireApproval(ApprovalTerms(approvalsRequired = 3)), broken),
                rule("all", Effect.RequireApproval(ApprovalTerms(groups = setOf("finance")))),
            )
            ruling.terms shouldBe ApprovalTerms(approvalsRequired = 3, groups = setOf("finance"))
        }

        test("where nobody could satisfy both, it is denied: asking people who may not answer is no gate") {
            val ruling = judge(
                rule("interns", Effect.RequireApproval(ApprovalTerms(groups = setOf("interns"))), broken),
                rule("board", Effect.RequireApproval(ApprovalTerms(groups = setOf("board")))),
            )
            ruling.effect shouldBe PolicyEffect.DENY
            ruling.code shouldBe PolicyCode.CONDITION_FAILED
        }

        test("an explanation tells of each rule that was looked at, and why it matched or didn't") {
            val rules = listOf(
                rule("elsewhere", Effect.Deny, action = "deploy.*"),
                rule("others", Effect.Deny, requesters = setOf("billing")),
                rule("not now", Effect.Deny, Truth.DoesNotHold),
                rule("broken", Effect.Permit, broken),
                rule("here", asking),
                rule("never reached", Effect.Deny),
            )
            PolicyBook(Policy(rules)).explain(facts()).steps.map { it.rule.name to it.match } shouldContainExactly listOf(
                "elsewhere" to Match.OtherAction,
                "others" to Match.OtherRequester,
                "not now" to Match.ConditionIsFalse,
                "broken" to Match.ConditionFailed(broken),
                "here" to Match.Matches,
            )
        }

        test("no policy has two rules of one name, or more than 500") {
            shouldThrow<IllegalArgumentException> { Policy(listOf(rule("one", Effect.Deny), rule("one", Effect.Permit))) }
            shouldThrow<IllegalArgumentException> { Policy((0..500).map { rule("$it", Effect.Deny) }) }
        }
    })
