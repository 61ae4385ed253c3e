package dev.sesame.broker.notice.telegram

import dev.sesame.Answer
import dev.sesame.broker.access.Secret
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.store.KeptButton
import dev.sesame.broker.store.KeptButton.Meaning
import dev.sesame.broker.store.KeptMessage
import dev.sesame.broker.store.NoticeStore
import dev.sesame.broker.store.TelegramStore
import dev.sesame.rules.ApprovalRecord
import java.time.InstantSource

/** A button was pressed. It counts only for the very account, approver and approval that it was made for, and once. */
internal class PressButton(
    private val store: TelegramStore,
    private val notices: NoticeStore,
    private val read: ReadApproval,
    private val vote: VoteByTelegram,
    private val text: RequestText,
    private val bot: Bot,
    private val replies: Replies,
    private val clock: InstantSource,
) {
    suspend fun pressed(pressed: Update.Pressed, contact: Contact?) {
        val words = outcome(pressed, contact)
        replies.to(pressed.account) { bot.answer(pressed.pressId, words) }
    }

    private suspend fun outcome(pressed: Update.Pressed, contact: Contact?): String {
        if (contact == null) return "This account is not linked to an approver."
        val button = store.button(Secret(pressed.handle).hash)?.takeIf { it.chat == pressed.account && it.approverId == contact.approverId }
        val record = button?.let { kept -> read.find(kept.approvalId) { true } } ?: return "This button doesn't count."
        // The broker may have been killed before it knew of this message; now it does, and the decision will be written into it.
        store.keepMessage(KeptMessage(pressed.account, pressed.messageId, record.id))
        return when {
            button.isUsed || record.status.isTerminal -> over(record, contact)
            text.isHighRisk(record) -> "The risk is high: answer it on its page."
            button.meaning == Meaning.DENY_WITH_NOTE -> askForNote(record, contact)
            else -> cast(button, record, contact)
        }
    }

    private suspend fun over(record: ApprovalRecord, contact: Contact): String {
        if (!record.status.isTerminal) return "This button was used already."
        notices.tellDecisionAgain(record.id, contact, clock.instant())
        return text.outcome(record)
    }

    private suspend fun cast(button: KeptButton, record: ApprovalRecord, contact: Contact): String {
        val answer = if (button.meaning == Meaning.APPROVE) Answer.APPROVE else Answer.DENY
        val words = vote.cast(record.id, contact, answer, note = null)
        store.useUp(record.id, contact.address, clock.instant())
        return words
    }

    private fun askForNote(record: ApprovalRecord, contact: Contact): String {
        replies.to(contact.address) {
            val question = MessageText().ours("Why do you deny it? Reply to this message with your note; only then it is denied.\n\n")
                .theirsBelow(record.question.summary, MOST_SUMMARY).ours("\n/${record.id}").done().askingToReply()
            val sent = bot.send(contact.address, question) as? BotAnswer.Done
            sent?.messageId?.let { store.keepMessage(KeptMessage(contact.address, it, record.id, isQuestion = true)) }
        }
        return "Write your note as a reply."
    }

    private companion object {
        const val MOST_SUMMARY = 600
    }
}
