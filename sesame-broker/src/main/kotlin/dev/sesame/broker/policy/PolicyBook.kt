package dev.sesame.broker.policy

import dev.sesame.rules.ApprovalTerms
import dev.sesame.rules.PolicyCode
import dev.sesame.rules.PolicyEffect
import dev.sesame.rules.PolicyRuling

/**
 * Applies a policy: the first rule that matches counts; where none does, people are asked.
 *
 * A rule whose condition can't be evaluated may or may not apply, so the next rules are looked at, but from then on nothing is permitted: a
 * denial stands, and else people are asked, on terms that satisfy both that rule and the one that matches. What either hides is hidden.
 */
internal class PolicyBook(private val policy: Policy) {
    /** No rule has a condition: judging takes microseconds. */
    val isQuick: Boolean = policy.rules.none { it.condition != null }

    fun judge(facts: Facts): PolicyRuling = explain(facts).ruling

    /** The same, with every rule that was looked at. */
    fun explain(facts: Facts): Explanation {
        val steps = ArrayList<Step>()
        for (rule in policy.rules) {
            val step = Step(rule, rule.judge(facts)).also(steps::add)
            if (step.match == Match.Matches) break
        }
        val matching = steps.lastOrNull()?.takeIf { it.match == Match.Matches }?.rule
        val failed = steps.filter { it.match is Match.ConditionFailed }
        val ruling = when {
            matching?.effect == Effect.Deny -> ruling(matching)
            failed.isNotEmpty() -> doubtful(failed, matching)
            matching != null -> ruling(matching)
            else -> PolicyRuling.NO_RULE
        }
        // What a rule that may apply hides is hidden: a value that was told is told for good.
        val redactions = (failed.map { it.rule } + listOfNotNull(matching)).flatMap { it.redactions }.distinct()
        return Explanation(ruling.copy(redactions = redactions), steps)
    }

    private fun ruling(rule: Rule): PolicyRuling = when (val effect = rule.effect) {
        Effect.Permit -> PolicyRuling.permit(rule.name, rule.reason)
        is Effect.RequireApproval -> PolicyRuling.ask(rule.name, rule.reason, effect.terms)
        Effect.Deny -> PolicyRuling.deny(rule.name, rule.reason)
    }

    private fun doubtful(failed: List<Step>, matching: Rule?): PolicyRuling {
        val first = failed.first()
        val why = "the condition of the rule \"${first.rule.name}\" can't be evaluated: ${(first.match as Match.ConditionFailed).truth.why}"
        val candidates = failed.map { it.rule } + listOfNotNull(matching)
        val terms = ApprovalTerms.strictest(candidates.mapNotNull { (it.effect as? Effect.RequireApproval)?.terms })
            ?: return PolicyRuling(
                PolicyEffect.DENY,
                PolicyCode.CONDITION_FAILED,
                "$why, and no group may answer all rules that may apply",
                first.rule.name,
            )
        return PolicyRuling(PolicyEffect.REQUIRE_APPROVAL, PolicyCode.CONDITION_FAILED, why, first.rule.name, terms)
    }
}

/** What a policy says, and how it came to it: [steps] ends with the rule that matched, if one did. */
internal class Explanation(val ruling: PolicyRuling, val steps: List<Step>)

/** One rule, looked at. */
internal class Step(val rule: Rule, val match: Match)
