package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import dev.sesame.rules.Command
import java.time.InstantSource

/** Ends what time has ended: by expiry where nobody answered, by its own answer where a test request brought one along. */
internal class ExpireDue(private val store: ApprovalStore, private val adjudicate: Adjudicate, private val clock: InstantSource) {
    /** One round; returns how many were due. */
    suspend fun run(): Int {
        val due = store.due(clock.instant(), ROUND)
        eachApart(due) { id -> adjudicate.judge(id, { true }) { Command.Expire } }
        return due.size
    }

    companion object {
        /** So many a round, so that a long stop's backlog doesn't hold up everything else. */
        const val ROUND = 500
    }
}
