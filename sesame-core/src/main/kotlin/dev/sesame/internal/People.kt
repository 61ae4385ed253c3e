package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalRequest
import dev.sesame.ProtocolException

/**
 * Who was to be asked, and what they may change: a policy may ask more people than that, or fewer groups of them, never anybody else; and
 * nobody changes anything else.
 *
 * A broker that doesn't know one of these, and left it out without a word, is found out here.
 */
internal class People private constructor(
    private val editable: List<String>,
    private val approvalsRequired: Int,
    /** Empty where everybody may be asked. */
    private val groups: Collection<String>,
    private val approvalsPerGroup: Map<String, Int>,
) {
    fun check(approval: Approval) {
        val weaker = when {
            approval.approvalsRequired < approvalsRequired -> "approvals_required"
            groups.isNotEmpty() && (approval.groups.isEmpty() || !groups.containsAll(approval.groups)) -> "groups"
            approvalsPerGroup.any { (group, count) -> approval.approvalsPerGroup.getOrDefault(group, 0) < count } -> "approvals_per_group"
            else -> null
        }
        if (weaker != null) throw ProtocolException("${approval.id}: the broker asks fewer or other people than it was told to ($weaker)")
        val edited = approval.decision?.editedContext ?: return
        val foreign = edits(approval.context ?: return, edited).map { it.field } - editable.toSet()
        if (foreign.isNotEmpty()) throw ProtocolException("${approval.id}: the context was changed where nobody may change it")
    }

    companion object {
        private val usual = People(emptyList(), 1, emptyList(), emptyMap())

        /** As the contract reads it: without groups, those that must give so many approvals are asked. */
        fun of(request: ApprovalRequest): People = of(
            request.editable,
            maxOf(request.approvalsRequired, request.approvalsPerGroup.values.sum()),
            request.groups.ifEmpty { request.approvalsPerGroup.keys },
            request.approvalsPerGroup,
        )

        /** As the document of what was asked elsewhere says; those to whom it escalates are announced in it. */
        fun of(approval: Approval): People {
            val groups = if (approval.groups.isEmpty()) emptyList() else approval.groups + approval.escalation?.groups.orEmpty()
            return of(approval.editable, approval.approvalsRequired, groups, approval.approvalsPerGroup)
        }

        /** Thousands wait with the usual. */
        private fun of(
            editable: List<String>,
            approvalsRequired: Int,
            groups: Collection<String>,
            approvalsPerGroup: Map<String, Int>,
        ): People = if (editable.isEmpty() && approvalsRequired <= 1 && groups.isEmpty() && approvalsPerGroup.isEmpty()) {
            usual
        } else {
            People(editable, approvalsRequired, groups, approvalsPerGroup)
        }
    }
}
