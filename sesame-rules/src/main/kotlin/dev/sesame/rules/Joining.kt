package dev.sesame.rules

import kotlinx.serialization.Serializable
import java.time.Instant

/** How many people must approve a question, and who: as a caller asks it, and as a policy's rule makes it. */
@Serializable
public data class Demand(
    val approvalsRequired: Int = 1,
    val groups: List<String> = emptyList(),
    val approvalsPerGroup: Map<String, Int> = emptyMap(),
) {
    /** Whether it comes to the same as [other]. */
    internal fun isSameAs(other: Demand): Boolean = approvalsRequired == other.approvalsRequired &&
        groups.toSet() == other.groups.toSet() && approvalsPerGroup == other.approvalsPerGroup

    /**
     * This, tightened by what the rule of [policy] wants, never weakened: nobody answers it whom the caller or the rule leaves out, and
     * whoever must approve by either must. `422 invalid` where both together leave nobody who could.
     */
    internal fun joinedWith(policy: PolicyRuling): Demand {
        val terms = policy.terms
        val perGroup = (approvalsPerGroup.keys + terms.approvalsPerGroup.keys)
            .associateWith { maxOf(approvalsPerGroup[it] ?: 0, terms.approvalsPerGroup[it] ?: 0) }
        val joined = when {
            terms.groups.isEmpty() -> groups.ifEmpty { perGroup.keys.toList() }
            groups.isEmpty() -> terms.groups.toList()
            else -> groups.filter { it in terms.groups }
        }
        val rule = "the rule \"${policy.rule}\""
        if (joined.isEmpty() && groups.isNotEmpty()) {
            throw invalid(FieldProblem("groups", "must have one of those that $rule asks: ${terms.groups.joinToString()}"))
        }
        val strangers = perGroup.keys - joined.toSet()
        if (strangers.isNotEmpty()) {
            val who = strangers.joinToString()
            throw invalid(FieldProblem("groups", "leave out $who, together with those of $rule, but people of it must approve"))
        }
        val least = perGroup.values.sum()
        if (least > MOST_APPROVALS) {
            val problem = "asks for $least people in all, together with $rule; at most $MOST_APPROVALS can be"
            throw invalid(FieldProblem("approvals_per_group", problem))
        }
        return Demand(maxOf(approvalsRequired, terms.approvalsRequired, least), joined, perGroup)
    }

    /** Whom [terms] add to [joined] and when, by what [terms] say and this leaves open; `null` where that is nobody. */
    internal fun escalation(terms: EscalationTerms?, joined: Demand, now: Instant): EscalationPlan? {
        if (terms == null || joined.groups.isEmpty()) return null
        val added = terms.groups.filter { it !in joined.groups && (groups.isEmpty() || it in groups) }
        return if (added.isEmpty()) null else EscalationPlan(now + terms.after, added)
    }
}
