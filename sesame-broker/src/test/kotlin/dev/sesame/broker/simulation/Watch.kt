package dev.sesame.broker.simulation

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.deliveriesOf
import dev.sesame.internal.CanonicalJson
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Electorate
import dev.sesame.rules.Event
import dev.sesame.rules.Transition
import io.kotest.assertions.fail
import java.time.Instant

/** Looks at each approval as the store has it after every commit, and holds it against the invariants of `house.md` and its own past. */
internal class Watch(private val stores: Stores, private val owner: String) {
    private val seen = LinkedHashMap<String, ApprovalRecord>()

    /** All that there are. */
    val ids: Collection<String> get() = seen.keys

    fun find(id: String): ApprovalRecord = seen.getValue(id)

    suspend fun sees(id: String) {
        val after = stores.approvals.find(id) ?: fail("7: $id was stored, and is gone")
        val before = seen.put(id, after)
        if (before != null) seesStep(before, after)
        seesVotes(after)
        if (after.status == ApprovalStatus.APPROVED && before?.status != ApprovalStatus.APPROVED) seesYes(after, stores.access.electorate())
    }

    /** When all is over. */
    suspend fun ended() = seen.values.forEach {
        must("8: silence ends every question", it.status.isTerminal)
        must("6: exactly one delivery is owed for a URL", stores.deliveriesOf(it).size == 1)
    }

    private fun seesStep(before: ApprovalRecord, after: ApprovalRecord) {
        must("every commit builds on the one before", after.version == before.version + 1)
        must("what was asked stays", after.question.copy(expiresAt = before.question.expiresAt) == before.question)
        must("an expiry only gets later", after.question.expiresAt >= before.question.expiresAt)
        if (before.status.isTerminal) must("1, 2: a decision and its votes never change", after.decided() == before.decided())
        must("4: fences only grow", (after.progress.claim?.fence ?: 0) >= (before.progress.claim?.fence ?: 0))
        if (before.hasRun()) must("4: a success is never taken back", after.hasRun())
    }

    private fun seesVotes(after: ApprovalRecord) {
        val votes = after.progress.votes
        must("2: every vote came before the expiry", votes.all { it.at < after.question.expiresAt })
        must("3: one approver, one vote", votes.distinctBy { it.by.id }.size == votes.size)
        must("3: the asker never votes", votes.none { it.by.id == owner })
    }

    /** By who may vote in this very moment: nothing else has happened since the commit. */
    private fun seesYes(after: ApprovalRecord, electorate: Electorate) {
        val question = after.question
        val votes = after.progress.votes
        must("3: nobody denied it", votes.all { it.vote == Answer.APPROVE })
        val counted = votes.mapNotNull { electorate.groupsOf[it.by.id] }
            .filter { theirs -> question.groups.isEmpty() || question.groups.any { it in theirs } }
        must("3: enough people approved who may", counted.size >= question.approvalsRequired)
        question.approvalsPerGroup.forEach { (group, least) ->
            must("3: enough of each group", counted.count { group in it } >= least)
        }
        val effective = after.progress.decision?.editedContext ?: question.context
        must("4: its hash is what was approved", after.contextHash == CanonicalJson.requestHash(question.action, effective))
    }

    private fun ApprovalRecord.decided() = listOf(
        listOf(status, progress.decidedAt, progress.validUntil, contextHash),
        progress.decision?.let { listOf(it.status, it.by?.id, it.via, it.note, it.editedContext) },
        progress.votes.map { listOf(it.by.id, it.vote, it.at, it.note) },
    )

    private fun ApprovalRecord.hasRun() = progress.execution?.state == ExecutionState.SUCCEEDED
}

/** The store, each of whose commits is looked at. */
internal class WatchedStore(private val store: ApprovalStore, private val watch: Watch, private val said: Said) : ApprovalStore by store {
    override suspend fun commit(expectedVersion: Int, transition: Transition, at: Instant, judgedBy: Long?): Boolean {
        if (!store.commit(expectedVersion, transition, at, judgedBy)) return false
        watch.sees(transition.after.id)
        if (transition.event == Event.SETTLED) said.settled(transition.after)
        return true
    }
}

internal fun must(rule: String, holds: Boolean) {
    if (!holds) fail(rule)
}
