package dev.sesame.testing

import dev.sesame.rules.ActionPattern
import dev.sesame.rules.PolicyRuling
import kotlinx.serialization.json.JsonObject

/**
 * What the broker's policy says in a test, line by line: the first that fits counts, and where none does, people are asked.
 *
 * An action is one by its name (`payments.refund`), all below a name (`payments.*`), or `*`; `only` narrows it by the context. The name of a
 * rule is its action, unless it is given one.
 */
public class PolicyScript internal constructor() {
    private class Line(val actions: ActionPattern, val only: (JsonObject) -> Boolean, val ruling: PolicyRuling)

    private val lines = mutableListOf<Line>()

    /** Permits it without asking anybody. */
    @JvmOverloads
    public fun permit(action: String, rule: String = action, reason: String? = null, only: (JsonObject) -> Boolean = { true }): Unit =
        add(action, PolicyRuling.permit(rule, reason), only)

    /** Denies it without asking anybody. */
    @JvmOverloads
    public fun deny(action: String, rule: String = action, reason: String? = null, only: (JsonObject) -> Boolean = { true }): Unit =
        add(action, PolicyRuling.deny(rule, reason), only)

    /** Has people asked about it, [approvalsRequired] of them, from 1 to 10. */
    @JvmOverloads
    public fun requireApproval(
        action: String,
        approvalsRequired: Int = 1,
        rule: String = action,
        reason: String? = null,
        only: (JsonObject) -> Boolean = { true },
    ) {
        requireApproval(action, PolicyTerms(approvalsRequired), rule, reason, only)
    }

    /** Has people asked about it on these [terms]. */
    @JvmOverloads
    public fun requireApproval(
        action: String,
        terms: PolicyTerms,
        rule: String = action,
        reason: String? = null,
        only: (JsonObject) -> Boolean = { true },
    ): Unit = add(action, PolicyRuling.ask(rule, reason, terms.terms), only)

    internal fun judge(action: String, context: JsonObject): PolicyRuling =
        lines.find { action in it.actions && it.only(context) }?.ruling ?: PolicyRuling.NO_RULE

    private fun add(action: String, ruling: PolicyRuling, only: (JsonObject) -> Boolean) {
        lines += Line(ActionPattern.of(action), only, ruling)
    }
}
