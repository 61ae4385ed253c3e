package dev.sesame.broker

import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.Position
import dev.sesame.rules.ApprovalRecord

/** Counts, now and then, what no event tells: it is due, or overdue, by the passing of time alone. */
internal class Counting(private val read: ReadApproval, private val webhooks: WebhookWiring, private val metrics: Metrics) {
    /** One round of a worker. */
    suspend fun run() {
        webhooks.countPending()
        metrics.unknownRuns = unknownRuns()
    }

    /** Page by page: what was asked, and edited, may be large. */
    private suspend fun unknownRuns(): Int {
        var count = 0
        var after: ApprovalRecord? = null
        repeat(MOST_PAGES) {
            val position = after?.let { Position(it.question.createdAt, it.id) }
            val page = read.list(ApprovalQuery(mode = Mode.LIVE, olderThan = position, limit = PAGE), ExecutionState.UNKNOWN)
            count += page.records.size
            after = page.goOnAfter ?: return count
        }
        return count
    }

    private companion object {
        const val PAGE = 50
        const val MOST_PAGES = 40
    }
}
