package dev.sesame.broker.notice.telegram

import dev.sesame.Answer
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.NoLongerActive
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Refusal

/** Casts the vote of whom an account is linked to, as every other channel does, and says in words what came of it. */
internal class VoteByTelegram(private val vote: CastVote, private val access: AccessStore, private val text: RequestText) {
    suspend fun cast(approvalId: String, contact: Contact, answer: Answer, note: String?): String {
        val approver = access.approvers().find { it.id == contact.approverId && it.revokedAt == null } ?: return REMOVED
        val verdict = try {
            vote.cast(approvalId, approver, answer, TelegramChannel.NAME, note) {
                it.isForPeople &&
                    it.question.isToldOver(TelegramChannel.NAME)
            }
        } catch (_: NoLongerActive) {
            return REMOVED
        }
        val record = verdict?.record ?: return "There is no such request."
        return when (verdict.refusal) {
            null -> if (record.status.isTerminal) text.outcome(record) else "Your answer is kept. ${progress(record)}"
            Refusal.SELF_APPROVAL -> "You stand behind who asks: somebody else must decide it."
            Refusal.NOT_IN_GROUP -> "It is for the people of other groups to decide."
            Refusal.ALREADY_DECIDED -> text.outcome(record)
            else -> "This doesn't count."
        }
    }

    private fun progress(record: ApprovalRecord): String {
        val approvals = record.progress.votes.count { it.vote == Answer.APPROVE }
        return "$approvals of ${record.question.approvalsRequired} have approved; others must answer, too."
    }

    private companion object {
        const val REMOVED = "You are no approver any more."
    }
}
