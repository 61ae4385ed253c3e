package dev.sesame.broker.approval

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import dev.sesame.rules.executionStateAt
import java.time.InstantSource

/** Reads approvals; what time has ended meanwhile is ended first, so that no read shows it pending. */
internal class ReadApproval(private val store: ApprovalStore, private val adjudicate: Adjudicate, private val clock: InstantSource) {
    suspend fun find(id: String, mayRead: (ApprovalRecord) -> Boolean): ApprovalRecord? {
        val record = store.find(id)?.takeIf(mayRead) ?: return null
        return if (record.isOverdue()) ended(record) else record
    }

    suspend fun list(query: ApprovalQuery): Listed {
        val found = store.list(query)
        val records = found.map { if (it.isOverdue()) ended(it) else it }.filter { query.status == null || it.status == query.status }
        return Listed(records, found.lastOrNull()?.takeIf { found.size == query.limit })
    }

    /** The same, of those whose run stands so by now. */
    suspend fun list(query: ApprovalQuery, execution: ExecutionState): Listed {
        // Of a lease that lapses nothing is stored.
        val kept = if (execution == ExecutionState.UNKNOWN) setOf(ExecutionState.CLAIMED, execution) else setOf(execution)
        val found = list(query.copy(execution = kept))
        return Listed(found.records.filter { it.executionStateAt(clock.instant()) == execution }, found.goOnAfter)
    }

    private suspend fun ended(record: ApprovalRecord): ApprovalRecord =
        adjudicate.judge(record.id, { true }) { Command.Expire }?.record ?: record

    private fun ApprovalRecord.isOverdue() = status == ApprovalStatus.PENDING && clock.instant() >= question.endsAt
}

/** A page of approvals; [goOnAfter] is the last one looked at, where there may be more. */
internal class Listed(val records: List<ApprovalRecord>, val goOnAfter: ApprovalRecord?)
