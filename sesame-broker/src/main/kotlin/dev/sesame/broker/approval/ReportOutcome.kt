package dev.sesame.broker.approval

import dev.sesame.ExecutionState
import dev.sesame.Person
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.ClaimToken
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command

/** Keeps what became of a run, as its holder says, or an admin where the holder can't. When it returns, that is on disk. */
internal class ReportOutcome(private val adjudicate: Adjudicate, private val tokens: ClaimToken) {
    suspend fun report(
        id: String,
        token: String,
        outcome: ExecutionState,
        detail: String?,
        mayTouch: (ApprovalRecord) -> Boolean,
    ): Verdict? = adjudicate.judge(id, mayTouch) { record -> Command.Report(tokens.fence(record, token), outcome, detail) }

    suspend fun settle(
        id: String,
        admin: Approver,
        outcome: ExecutionState,
        detail: String?,
        mayTouch: (ApprovalRecord) -> Boolean,
    ): Verdict? = adjudicate.judge(id, mayTouch) { Command.Settle(outcome, detail, Person(admin.id, admin.name)) }
}
