package dev.sesame.broker.notice.telegram

import dev.sesame.broker.access.Secret
import dev.sesame.broker.notice.Channel
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.notice.Told
import dev.sesame.broker.store.KeptButton
import dev.sesame.broker.store.KeptButton.Meaning
import dev.sesame.broker.store.KeptMessage
import dev.sesame.broker.store.TelegramStore
import dev.sesame.rules.ApprovalRecord
import java.time.InstantSource

/**
 * Tells approvers by Telegram. What asks for an answer is a new message with buttons; a vote or a decision changes every message about that
 * approval, and takes its buttons away.
 */
internal class TelegramChannel(
    private val bot: Bot,
    private val store: TelegramStore,
    private val text: RequestText,
    private val newHandle: () -> String,
    private val clock: InstantSource,
    /** The address of an approval's page that a button may lead to; `null` where nobody said how people reach this broker. */
    private val pageButton: (String) -> String?,
) : Channel {
    override val name = NAME

    override suspend fun tell(notice: Notice, record: ApprovalRecord): Told = when {
        !notice.kind.asksForAnswer -> change(notice, record)
        record.status.isTerminal -> send(notice.contact, record, text.decided(record))
        else -> send(notice.contact, record, text.asking(record, notice.kind, clock.instant()).with(buttons(notice.contact, record)))
    }

    override suspend fun tellTogether(contact: Contact, records: List<ApprovalRecord>, more: Int): Told {
        if (records.isEmpty()) return Told.Dropped("nothing left to answer")
        val answer = bot.send(contact.address, text.many("❓ ${records.size + more} requests wait for your answer:", records, more))
        return if (answer is BotAnswer.Done) Told.Sent("in one message with ${records.size + more - 1} others") else answer.toTold()
    }

    private suspend fun send(contact: Contact, record: ApprovalRecord, message: Message): Told {
        val answer = bot.send(contact.address, message)
        if (answer is BotAnswer.Done) answer.messageId?.let { store.keepMessage(KeptMessage(contact.address, it, record.id)) }
        return answer.toTold()
    }

    /** The hashes are on the disk before anybody can press. */
    private suspend fun buttons(contact: Contact, record: ApprovalRecord): List<List<Button>> {
        val page = listOfNotNull(pageButton(record.id)?.let { listOf(Button("Open its page", url = it)) })
        if (text.isHighRisk(record)) return page
        val handles = Meaning.entries.associateWith { newHandle() }
        store.keepButtons(
            handles.map { (meaning, handle) -> KeptButton(Secret(handle).hash, record.id, contact.approverId, contact.address, meaning) },
        )
        fun button(label: String, meaning: Meaning) = Button(label, handles.getValue(meaning))
        val answers = listOf(button("✅ Approve", Meaning.APPROVE), button("⛔ Deny", Meaning.DENY))
        return listOf(answers, listOf(button("⛔ Deny with a note", Meaning.DENY_WITH_NOTE))) + page
    }

    private suspend fun change(notice: Notice, record: ApprovalRecord): Told {
        val messages = store.messagesOf(record.id, notice.contact.address, MOST_CHANGED)
        if (messages.isEmpty()) return Told.Dropped("no message to change")
        // A vote that was kept may be a decision by now; then that is what there is to say.
        val isOver = notice.kind == NoticeKind.DECIDED || record.status.isTerminal
        val words = if (isOver) text.decided(record) else text.voted(record, notice.contact.approverId)
        messages.forEach { message ->
            val answer = bot.edit(message.chat, message.messageId, words)
            if (answer.isGone()) {
                store.forgetMessage(message)
            } else if (!answer.isDone()) {
                return answer.toTold()
            }
        }
        return Told.Sent()
    }

    private fun BotAnswer.isDone() = this is BotAnswer.Done || (this is BotAnswer.Refused && "not modified" in why)

    /** The person deleted it, or Telegram no longer lets it be changed. */
    private fun BotAnswer.isGone() = this is BotAnswer.Refused && code == BAD_REQUEST && retryAfter == null && "not modified" !in why

    companion object {
        const val NAME = "telegram"
        private const val BAD_REQUEST = 400

        /** Who has had it shown more often than this finds the end in the newest ones; the buttons of older ones don't count either. */
        private const val MOST_CHANGED = 20
    }
}
