package dev.sesame.broker.policy

import dev.sesame.rules.ActionPattern
import dev.sesame.rules.ApprovalTerms
import dev.sesame.rules.Redaction

/** What is to be done about which questions. */
internal class Rule(
    val name: String,
    /** It is about these actions alone. */
    val actions: List<ActionPattern>,
    /** It is about what these requesters ask alone; empty is all of them. */
    val requesters: Set<String> = emptySet(),
    /** It applies where this holds; `null` is always. */
    val condition: Condition? = null,
    val effect: Effect,
    /** Said to whoever asks why; `null` lets the rule's name speak. */
    val reason: String? = null,
    /** What of the context is told to nobody over which channel, whatever the effect. */
    val redactions: List<Redaction> = emptyList(),
) {
    init {
        require(actions.isNotEmpty()) { "the rule $name is about no action" }
    }

    fun judge(facts: Facts): Match = when {
        actions.none { facts.action in it } -> Match.OtherAction

        requesters.isNotEmpty() && facts.requester !in requesters -> Match.OtherRequester

        else -> when (val truth = condition?.judge(facts) ?: Truth.Holds) {
            Truth.Holds -> Match.Matches
            Truth.DoesNotHold -> Match.ConditionIsFalse
            is Truth.Failed -> Match.ConditionFailed(truth)
        }
    }
}

/** What a rule that matches does. */
internal sealed interface Effect {
    data object Permit : Effect

    data class RequireApproval(val terms: ApprovalTerms) : Effect

    data object Deny : Effect
}

/** Whether a rule matches, or why not. */
internal sealed interface Match {
    data object Matches : Match

    data object OtherAction : Match

    data object OtherRequester : Match

    data object ConditionIsFalse : Match

    /** It can't be told. */
    data class ConditionFailed(val truth: Truth.Failed) : Match
}
