package dev.sesame.broker.approval

import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command

/** Takes a pending request back. When it returns, that is on disk. */
internal class CancelApproval(private val adjudicate: Adjudicate) {
    suspend fun cancel(id: String, mayTouch: (ApprovalRecord) -> Boolean): Verdict? = adjudicate.judge(id, mayTouch) { Command.Cancel }
}
