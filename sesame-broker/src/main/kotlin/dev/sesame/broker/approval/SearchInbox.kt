package dev.sesame.broker.approval

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.Position
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Redaction
import dev.sesame.rules.toldOver

/** What a person looks for in the inbox; each text is found anywhere and in any case. */
internal data class Wanted(
    /** `null` is whatever is decided. */
    val status: ApprovalStatus? = ApprovalStatus.PENDING,
    val action: String = "",
    val requester: String = "",
    val text: String = "",
    /** How the run of an approved one stands. */
    val execution: ExecutionState? = null,
)

/** A page of what was found, newest first; [goOnAfter] is where to look on, where there may be more. */
internal class Found(val records: List<ApprovalRecord>, val goOnAfter: Position?)

/** Looks through the live requests that a person may read, newest first, so far at a time that no search holds anybody up. */
internal class SearchInbox(private val read: ReadApproval, private val access: AccessStore) {
    suspend fun page(wanted: Wanted, olderThan: Position?, mayRead: (ApprovalRecord) -> Boolean): Found {
        val labels = access.requesters().filter { it.name.contains(wanted.requester, ignoreCase = true) }.map { it.id }.toSet()
        val found = mutableListOf<ApprovalRecord>()
        var position = olderThan
        repeat(MOST_ROUNDS) {
            val query = ApprovalQuery(mode = Mode.LIVE, status = wanted.status, olderThan = position, limit = ROUND)
            val round = if (wanted.execution == null) read.list(query) else read.list(query, wanted.execution)
            found += round.records.filter { it.question.requesterId in labels && it.isWanted(wanted) && mayRead(it) }
            // One more than a page holds: else its end would promise a next one that is empty.
            if (found.size > PAGE) return Found(found.take(PAGE), found[PAGE - 1].position)
            position = round.goOnAfter?.position ?: return Found(found, null)
        }
        return Found(found, position)
    }

    private fun ApprovalRecord.isWanted(wanted: Wanted): Boolean =
        (wanted.status != null || status.isTerminal) && question.action.contains(wanted.action, ignoreCase = true) && holds(wanted.text)

    private fun ApprovalRecord.holds(text: String): Boolean = text.isEmpty() ||
        listOf(id, question.summary, question.action, question.reason, question.requestedBy, question.requesterLabel)
            .any { it?.contains(text, ignoreCase = true) == true } ||
        toldOver(Redaction.INBOX).question.context.toString().contains(text, ignoreCase = true)

    private val ApprovalRecord.position get() = Position(question.createdAt, id)

    companion object {
        const val PAGE = 25
        private const val ROUND = 100

        /** So many are looked at for one page: 2,000. */
        private const val MOST_ROUNDS = 20
    }
}
