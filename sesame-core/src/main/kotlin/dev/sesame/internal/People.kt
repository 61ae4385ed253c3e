package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalRequest
import dev.sesame.ProtocolException

/**
 * Who was to be asked, and what they may change: the broker may ask more people than that, never fewer, and nobody changes anything else.
 *
 * A broker that doesn't know one of these, and left it out without a word, is found out here.
 */
internal class People private constructor(
    private val editable: List<String>,
    private val approvalsRequired: Int,
    private val groups: List<String>,
    private val approvalsPerGroup: Map<String, Int>,
) {
    fun check(approval: Approval) {
        val left = when {
            approval.approvalsRequired < approvalsRequired -> "approvals_required"
            !approval.groups.containsAll(groups) -> "groups"
            approvalsPerGroup.any { (group, count) -> approval.approvalsPerGroup.getOrDefault(group, 0) < count } -> "approvals_per_group"
            else -> null
        }
        if (left != null) throw ProtocolException("${approval.id}: the broker asks fewer people than it was told to ($left)")
        val edited = approval.decision?.editedContext ?: return
        val foreign = edits(approval.context ?: return, edited).map { it.field } - editable.toSet()
        if (foreign.isNotEmpty()) throw ProtocolException("${approval.id}: the context was changed where nobody may change it")
    }

    companion object {
        private val usual = People(emptyList(), 1, emptyList(), emptyMap())

        fun of(request: ApprovalRequest): People =
            of(request.editable, request.approvalsRequired, request.groups, request.approvalsPerGroup)

        /** As the document of what was asked elsewhere says. */
        fun of(approval: Approval): People = of(approval.editable, approval.approvalsRequired, approval.groups, approval.approvalsPerGroup)

        /** Thousands wait with the usual. */
        private fun of(editable: List<String>, approvalsRequired: Int, groups: List<String>, approvalsPerGroup: Map<String, Int>): People =
            if (editable.isEmpty() && approvalsRequired <= 1 && groups.isEmpty() && approvalsPerGroup.isEmpty()) {
                usual
            } else {
                People(editable, approvalsRequired, groups, approvalsPerGroup)
            }
    }
}
