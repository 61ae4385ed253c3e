package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import dev.sesame.rules.Command
import java.time.InstantSource

/** Asks more people about what nobody has decided for so long, as the policy's rule said when it was asked. */
internal class EscalateDue(private val store: ApprovalStore, private val adjudicate: Adjudicate, private val clock: InstantSource) {
    /** One round; returns how many were due. */
    suspend fun run(): Int {
        val due = store.escalating(clock.instant(), ROUND)
        eachApart(due) { id -> adjudicate.judge(id, { true }) { Command.Escalate } }
        return due.size
    }

    companion object {
        /** As with what expires. */
        const val ROUND = ExpireDue.ROUND
    }
}
