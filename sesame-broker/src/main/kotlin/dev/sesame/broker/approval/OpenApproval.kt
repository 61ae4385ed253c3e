package dev.sesame.broker.approval

import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Ids
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.rules.Asked
import java.time.InstantSource
import java.time.temporal.ChronoUnit

/** Opens a request, or finds the one that its dedup key stands for already. When it returns, it is on disk. */
internal class OpenApproval(
    private val adjudicate: Adjudicate,
    private val store: ApprovalStore,
    private val policy: JudgeByPolicy,
    private val ids: Ids,
    private val clock: InstantSource,
    private val maxPending: Int,
) {
    suspend fun open(asked: Asked, caller: Caller.AsRequester): Opened {
        val known = asked.dedupKey?.let { store.findByDedupKey(caller.requester.id, caller.key.mode, it) } != null
        if (!known && store.countPending(caller.requester.id, caller.key.mode, maxPending) >= maxPending) throw TooManyPending(maxPending)
        val ruling = policy.judge(asked, caller)
        val now = clock.instant().truncatedTo(ChronoUnit.MILLIS)
        val question = asked.toQuestion(ids.approval(), caller.key.mode, caller.requester.id, caller.requester.name, now, ruling)
        return adjudicate.open(question, ruling)
    }
}

/** The requester has [limit] questions open: people must answer some first. */
internal class TooManyPending(val limit: Int) : RuntimeException("at most $limit requests may be open at once")
