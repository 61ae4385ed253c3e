package dev.sesame

import dev.sesame.internal.Term

/**
 * What the broker's policy says of an action, as [Sesame.checkPolicy] was told. It is an opinion of that moment: nothing was created, nobody
 * was asked, and nothing but [GateOutcome.EXECUTE] lets anything run.
 */
public class GateDecision internal constructor(
    /** Whether it may be. */
    public val outcome: GateOutcome,
    /** Why, as a word: `rule_permits`, `rule_requires_approval`, `rule_denies`, `no_rule`, `condition_failed`, or one that is new. */
    public val reasonCode: String,
    /** Why, for people. */
    public val reason: String,
    /** The name of the rule that made it so; `null` where none did. */
    public val rule: String? = null,
) {
    /** Whether it may run at once. */
    public val isExecute: Boolean get() = outcome == GateOutcome.EXECUTE

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "$outcome ($reasonCode): $reason"
}

/** The words of a policy; one that this version doesn't know keeps its text and never lets anything run. */
public class GateOutcome private constructor(value: String) : Term(value) {
    /** The known ones. */
    public companion object {
        /** It may be, without asking anybody. */
        @JvmField public val EXECUTE: GateOutcome = GateOutcome("EXECUTE")

        /** People must be asked: go on with `approve`. */
        @JvmField public val ABSTAIN: GateOutcome = GateOutcome("ABSTAIN")

        /** It may not be. */
        @JvmField public val HALT: GateOutcome = GateOutcome("HALT")

        /** The outcome written [value] on the wire, known or not. */
        @JvmStatic public fun of(value: String): GateOutcome = GateOutcome(value)
    }
}
