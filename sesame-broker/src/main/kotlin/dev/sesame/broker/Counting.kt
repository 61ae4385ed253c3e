package dev.sesame.broker

import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.store.ApprovalQuery

/** Counts, now and then, what no event tells: it is due, or overdue, by the passing of time alone. */
internal class Counting(private val read: ReadApproval, private val webhooks: WebhookWiring, private val metrics: Metrics) {
    /** One round of a worker. */
    suspend fun run() {
        webhooks.countPending()
        metrics.unknownRuns = read.list(ApprovalQuery(mode = Mode.LIVE, limit = MOST_RUNS), ExecutionState.UNKNOWN).records.size
    }

    private companion object {
        /** Whoever has so many looks at the first of them. */
        const val MOST_RUNS = 1_000
    }
}
