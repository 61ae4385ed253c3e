package dev.sesame.broker.inbox

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.executionStateAt
import kotlinx.html.FlowContent
import kotlinx.html.P
import kotlinx.html.id
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.span
import kotlinx.html.strong
import java.time.Instant

/** What became of an approved action by now, in words; and, for an admin, the way to say it where nobody knows. */
internal fun FlowContent.run(seen: SeenRequest) {
    if (seen.record.status != ApprovalStatus.APPROVED) return
    val state = seen.document.execution?.state
    section("standing run-${state ?: "open"}") {
        id = "run"
        p { words(seen, state) }
        if (state == ExecutionState.UNKNOWN && !seen.visitor.isAdmin) p("quiet") { +"An admin can say what happened." }
        if (!seen.maySettle) seen.returned.settling?.let { alert(null, it.why) }
        settling(seen)
    }
}

private fun P.words(seen: SeenRequest, state: ExecutionState?) {
    strong { +(headings[state] ?: "Not started yet") }
    +". "
    when (state) {
        null -> {
            +"It may be started until "
            seen.record.progress.validUntil?.let { moment(it) }
            +"."
        }

        ExecutionState.CLAIMED -> {
            +"If nothing is heard of it until "
            seen.record.progress.claim?.let { moment(it.leaseUntil) }
            +", nobody knows whether it ran."
        }

        ExecutionState.SUCCEEDED -> +"It doesn't run again."

        ExecutionState.FAILED -> {
            +"It did nothing, and may be started again until "
            seen.record.progress.validUntil?.let { moment(it) }
            +"."
        }

        else -> +"Somebody has to look at what it should have done. It runs again only for a caller who says that it may."
    }
}

/** The same in a word or two, for a line of the list. */
internal fun FlowContent.runInBrief(record: ApprovalRecord, now: Instant) {
    if (record.status != ApprovalStatus.APPROVED) return
    val state = record.executionStateAt(now)
    span("run $state") {
        +(brief[state] ?: "not started yet")
        if (state == ExecutionState.CLAIMED) {
            +", until "
            record.progress.claim?.let { moment(it.leaseUntil) }
        }
    }
}

private val headings = mapOf(
    ExecutionState.CLAIMED to "Started, and running",
    ExecutionState.SUCCEEDED to "It ran and succeeded",
    ExecutionState.FAILED to "It was started and failed",
    ExecutionState.UNKNOWN to "Started, and not heard of since: nobody knows whether it ran",
)

private val brief = mapOf(
    ExecutionState.CLAIMED to "running",
    ExecutionState.SUCCEEDED to "ran",
    ExecutionState.FAILED to "failed, did nothing",
    ExecutionState.UNKNOWN to "nobody knows whether it ran",
)
