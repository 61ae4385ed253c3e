package dev.sesame.testing

import dev.sesame.rules.ApprovalTerms
import dev.sesame.rules.EscalationTerms
import dev.sesame.rules.toJson
import java.time.Duration

/**
 * What a rule of a [PolicyScript] wants where it has people asked. Joined with what the caller asks, it tightens that and never weakens it.
 *
 * `IllegalArgumentException` where a rule of the broker's couldn't say it.
 */
public class PolicyTerms private constructor(internal val terms: ApprovalTerms) {
    /** With [approvalsRequired] people who must approve, from 1 to 10, and else as the caller asks. */
    @JvmOverloads
    public constructor(approvalsRequired: Int = 1) : this(ApprovalTerms(approvalsRequired)) {
        require(approvalsRequired in 1..MOST_APPROVALS) { "approvalsRequired must be from 1 to $MOST_APPROVALS" }
    }

    /** Only people of these groups may answer, of 1 to 10. */
    public fun groups(vararg names: String): PolicyTerms {
        require(names.size in 1..MOST_APPROVALS && names.distinct().size == names.size) {
            "groups must be 1 to $MOST_APPROVALS names, each once"
        }
        return PolicyTerms(terms.copy(groups = names.toSet()))
    }

    /** At least [count] people of [group] must approve, 1 to 10 in all groups; nobody counts for two. */
    public fun approvalsOf(group: String, count: Int): PolicyTerms {
        val each = terms.approvalsPerGroup + (group to count)
        require(count >= 1 && each.values.sum() <= MOST_APPROVALS) { "approvalsOf must ask for 1 to $MOST_APPROVALS people in all" }
        return PolicyTerms(terms.copy(approvalsPerGroup = each))
    }

    /** Whether the person who stands behind the requester may answer it, whatever `ownedBy` said. */
    public fun allowSelf(isAllowed: Boolean): PolicyTerms = PolicyTerms(terms.copy(allowSelf = isAllowed))

    /** How long people have where the caller doesn't say, and at most where the caller does: 10 s to 30 days. */
    public fun expiresIn(time: Duration): PolicyTerms {
        require(time in SHORTEST..LONGEST) { "expiresIn must be from 10 s to 30 days" }
        return PolicyTerms(terms.copy(expiresIn = time))
    }

    /** People of these groups may answer too, where it is pending for so long by the broker's clock: 10 s to 30 days. It needs [groups]. */
    public fun escalates(after: Duration, vararg groups: String): PolicyTerms {
        val asked = terms.groups.ifEmpty { terms.approvalsPerGroup.keys }
        require(after in SHORTEST..LONGEST) { "escalates must come after 10 s to 30 days" }
        require(asked.isNotEmpty()) { "escalates goes with groups, named before: without them, everybody may answer at once" }
        require(groups.isNotEmpty() && groups.none { it in asked }) { "escalates must name groups that aren't asked from the beginning" }
        return PolicyTerms(terms.copy(escalation = EscalationTerms(after, groups.toSet())))
    }

    /** For failures of tests. */
    override fun toString(): String = "PolicyTerms(${terms.toJson()})"

    private companion object {
        const val MOST_APPROVALS = 10
        val SHORTEST: Duration = Duration.ofSeconds(10)
        val LONGEST: Duration = Duration.ofDays(30)
    }
}
