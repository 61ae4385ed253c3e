package dev.sesame.broker.approval

import dev.sesame.broker.access.Approver
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import dev.sesame.rules.toErase
import java.time.InstantSource

/** Erases values of contexts where nothing can run any more. When it returns, they are gone from the approval, and the audit tells of it. */
internal class EraseValues(private val store: ApprovalStore, private val adjudicate: Adjudicate, private val clock: InstantSource) {
    /** What an admin wants erased. */
    suspend fun erase(id: String, fields: List<String>, admin: Approver, mayTouch: (ApprovalRecord) -> Boolean): Verdict? =
        adjudicate.judge(id, mayTouch) { Command.Redact(fields, admin.id) }

    /** One round of what rules want erased; returns how many were due. */
    suspend fun run(): Int {
        val due = store.eraseDue(clock.instant(), ROUND)
        eachApart(due) { id -> adjudicate.judge(id, { true }) { Command.Redact(it.toErase, by = null) } }
        return due.size
    }

    companion object {
        /** Small, since each is a write of its own. */
        const val ROUND = 100
    }
}
