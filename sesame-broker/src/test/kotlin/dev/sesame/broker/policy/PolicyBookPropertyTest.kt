package dev.sesame.broker.policy

import dev.sesame.rules.ApprovalTerms
import dev.sesame.rules.PolicyEffect
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll

/** Over random policies; an effect counts as stricter the further right it stands in [PolicyEffect]. */
class PolicyBookPropertyTest :
    FunSpec({
        class Drawn(val effect: Effect, val truth: Truth, val action: String)

        val effects = listOf(
            Effect.Permit,
            Effect.Deny,
            asking,
            Effect.RequireApproval(ApprovalTerms(2, setOf("ops"))),
            Effect.RequireApproval(ApprovalTerms(groups = setOf("board"))),
        )
        val drawn = arbitrary {
            Drawn(
                Arb.element(effects).bind(),
                Arb.element(Truth.Holds, Truth.DoesNotHold, Truth.DoesNotHold, broken).bind(),
                Arb.element("*", "payments.*", "payments.refund", "deploy").bind(),
            )
        }
        val policies = Arb.list(drawn, 0..12)

        fun rules(of: List<Drawn>) = of.mapIndexed { index, it -> rule("r$index", it.effect, it.truth, it.action) }

        fun judge(of: List<Drawn>) = PolicyBook(Policy(rules(of))).judge(facts())

        /** The first rule that is known to match. */
        fun List<Drawn>.matching() = find { it.action != "deploy" && it.truth == Truth.Holds }

        fun List<Drawn>.isInDoubt(): Boolean {
            val before = takeWhile { it !== matching() }
            return before.any { it.action != "deploy" && it.truth is Truth.Failed }
        }

        test("it is permitted only where the first rule that matches permits it and nothing before it is in doubt") {
            checkAll(2_000, policies) { policy ->
                val mayPermit = policy.matching()?.effect == Effect.Permit && !policy.isInDoubt()
                (judge(policy).effect == PolicyEffect.PERMIT) shouldBe mayPermit
            }
        }

        test("where the first rule that matches denies, it is denied, whatever is in doubt") {
            checkAll(2_000, policies) { policy ->
                if (policy.matching()?.effect == Effect.Deny) judge(policy).effect shouldBe PolicyEffect.DENY
            }
        }

        test("a condition that fails in place of one that held never makes a policy permit, or ask on easier terms") {
            checkAll(2_000, policies, Arb.int(0..11)) { policy, at ->
                val worse = policy.mapIndexed { index, it -> if (index == at) Drawn(it.effect, broken, it.action) else it }
                val (before, after) = judge(policy) to judge(worse)
                val wasReached = policy.take(at).none { it === policy.matching() } && at < policy.size && policy[at].action != "deploy"
                if (wasReached) after.effect shouldNotBe PolicyEffect.PERMIT
                if (before.effect == PolicyEffect.REQUIRE_APPROVAL && after.effect == PolicyEffect.REQUIRE_APPROVAL) {
                    after.terms.approvalsRequired shouldBeGreaterThanOrEqualTo before.terms.approvalsRequired
                }
            }
        }

        test("a rule put in front that can't be evaluated never makes the answer milder") {
            checkAll(2_000, policies, Arb.element(effects)) { policy, effect ->
                val after = judge(listOf(Drawn(effect, broken, "*")) + policy)
                after.effect shouldBeGreaterThanOrEqualTo judge(policy).effect
                after.effect shouldNotBe PolicyEffect.PERMIT
            }
        }
    })
