package dev.sesame.broker.inbox

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Tally
import kotlinx.html.FlowContent
import kotlinx.html.a
import kotlinx.html.article
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.id
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.span
import java.time.Duration
import java.time.Instant

/** A request as one visitor sees it. */
internal class SeenRequest(
    /** As approvers are told it. */
    val record: ApprovalRecord,
    /** The same as programs are told it, with the state of its run by now. */
    val document: Approval,
    val visitor: Visitor,
    val now: Instant,
    /** The visitor stands behind its requester, and so may not answer it. */
    val isOwn: Boolean,
    val tally: Tally,
    /** The visitor's approval alone is enough. */
    val decidesAlone: Boolean,
    /** What its risk asks of who approves it. */
    val confirmation: Confirmation,
    val correspondence: Correspondence,
    val paths: (String) -> String,
    val returned: Returned,
    /** The visitor's answer came after somebody else's, or too late. */
    val isLate: Boolean,
    /** What the workspace offers for a denial. */
    val denyReasons: List<String>,
    val extendWithin: Duration,
    /** Where its contexts hold what approvers aren't told, or what was erased. */
    val hidden: List<String> = emptyList(),
) {
    val question get() = record.question

    /** Whether the visitor is among those whose answer counts. */
    val isAsked get() = question.groups.isEmpty() || question.groups.any { it in visitor.caller.groups }
    val isWeighty get() = confirmation != Confirmation.NONE
    val isPending get() = record.status == ApprovalStatus.PENDING

    val mayAnswer get() = isPending && !isOwn && isAsked
    val mayEdit get() = mayAnswer && question.editable.isNotEmpty() && decidesAlone
    val mayExtend get() = isPending && (mayAnswer || visitor.isAdmin)
    val maySettle get() = visitor.isAdmin && document.execution?.state == ExecutionState.UNKNOWN
}

internal fun titleOf(record: ApprovalRecord): String =
    if (record.status == ApprovalStatus.PENDING) "Request" else "Request, ${record.status.value}"

/** Everything about it. What the requester wrote stands in a frame of its own, with its author above it; the rest is ours. */
internal fun FlowContent.request(seen: SeenRequest) {
    article("request") {
        attributes["data-request"] = seen.record.id
        attributes["data-version"] = seen.record.version.toString()
        p("crumb") { a(href = seen.paths(if (seen.isPending) "/inbox" else "/inbox?show=decided")) { +"All requests" } }
        div("headline") {
            h1 { +"Request" }
            status(seen.record.status)
            if (seen.isPending) countdown(seen.question.expiresAt, seen.now)
        }
        standing(seen)
        run(seen)
        theirs(seen)
        if (seen.isPending) quorum(seen)
        editing(seen)
        moreTime(seen)
        if (seen.isPending) answering(seen)
        story(seen)
    }
}

/** How it ended, for a visitor whose answer counted, came late, or was never given. */
private fun FlowContent.standing(seen: SeenRequest) {
    val decision = seen.record.progress.decision ?: return
    val by = decision.by
    section("standing ${decision.status.value}") {
        id = "standing"
        p {
            when {
                by == null -> +(sentences[decision.status] ?: "Decided.")

                by.id == seen.visitor.approver.id -> +"You ${decision.status.value} this."

                else -> {
                    visible(by.toString())
                    +" ${decision.status.value} this."
                }
            }
        }
        decision.note?.let { long(it, "note") }
        seen.record.edits.takeIf { it.isNotEmpty() }?.let { edits ->
            p {
                if (by?.id == seen.visitor.approver.id) +"You" else visible(by.toString())
                +" changed it before approving:"
            }
            changes(edits)
        }
        seen.record.progress.decidedAt?.let { p("quiet") { moment(it) } }
        if (seen.isLate && by?.id != seen.visitor.approver.id) p { +"That was first: your answer didn't count." }
    }
}

internal fun FlowContent.status(status: ApprovalStatus) {
    span("status ${status.value}") { +status.value }
}

private val sentences = mapOf(
    ApprovalStatus.EXPIRED to "Nobody answered in time: that is a no.",
    ApprovalStatus.CANCELLED to "It was taken back.",
    ApprovalStatus.APPROVED to "Approved.",
    ApprovalStatus.DENIED to "Denied.",
)
