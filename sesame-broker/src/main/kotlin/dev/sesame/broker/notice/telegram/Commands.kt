package dev.sesame.broker.notice.telegram

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.Mode
import dev.sesame.broker.access.Ids
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.Linked
import dev.sesame.broker.store.NoticeStore
import dev.sesame.broker.store.TelegramStore
import dev.sesame.rules.ApprovalRecord
import java.time.InstantSource

/** What people write to the bot: a code that links them, `/pending`, the id of a request, and notes of denials. */
internal class Commands(
    private val link: LinkTelegram,
    private val read: ReadApproval,
    private val access: AccessStore,
    private val notices: NoticeStore,
    private val store: TelegramStore,
    private val vote: VoteByTelegram,
    private val text: RequestText,
    private val bot: Bot,
    private val replies: Replies,
    private val clock: InstantSource,
    private val nudge: () -> Unit,
) {
    suspend fun wrote(wrote: Update.Wrote, contact: Contact?) {
        val words = wrote.text.trim()
        val command = words.substringBefore(' ').substringBefore('@')
        val code = words.substringAfter(' ', "").trim()
        when {
            command == "/start" && code.isNotEmpty() -> start(code.take(LONGEST_CODE), wrote.account, contact)
            contact == null -> if (command == "/start") replies.toStranger(wrote.account) { say(wrote.account, STRANGER) }
            command == "/pending" -> replies.to(wrote.account) { bot.send(wrote.account, pending(contact)) }
            Ids.isApproval(command.drop(1)) && command.startsWith("/") -> show(command.drop(1), contact)
            wrote.replyTo != null -> noted(wrote, wrote.replyTo, contact)
            else -> replies.to(wrote.account) { say(wrote.account, HELP) }
        }
    }

    private suspend fun start(code: String, account: String, contact: Contact?) {
        val linked = link.link(code, account)
        val answer = when (linked) {
            is Linked.Done -> "Linked. You will be asked here. /pending lists what is open."
            Linked.WrongCode -> "This code doesn't count, or not any more: have a new one made. It is good for ten minutes, and once."
            Linked.TooMany -> "Too many accounts are linked to this broker: an admin must unlink one first."
        }
        if (linked is Linked.Done || contact != null) {
            replies.to(account) { say(account, answer) }
        } else {
            replies.toStranger(account) { say(account, answer) }
        }
    }

    private suspend fun show(approvalId: String, contact: Contact) {
        val record = read.find(approvalId) { it.isForPeople }?.takeIf { maySee(it, contact) }
        if (record == null) return replies.to(contact.address) { say(contact.address, "There is no such request.") }
        notices.show(record.id, contact, clock.instant())
        nudge()
    }

    private suspend fun pending(contact: Contact): Message {
        val open = read.list(ApprovalQuery(mode = Mode.LIVE, status = ApprovalStatus.PENDING, limit = MOST_LOOKED_AT)).records
        val mine = open.filter { isFor(it, contact) }
        if (mine.isEmpty()) return MessageText().ours("Nothing waits for your answer.").done()
        return text.many("❓ Open, newest first:", mine.take(MOST_LISTED), maxOf(0, mine.size - MOST_LISTED))
    }

    private suspend fun isFor(record: ApprovalRecord, contact: Contact): Boolean =
        record.progress.votes.none { it.by.id == contact.approverId } && mayAnswer(record, contact)

    private suspend fun mayAnswer(record: ApprovalRecord, contact: Contact): Boolean {
        val question = record.question
        return maySee(record, contact) && (question.allowSelf || access.requester(question.requesterId)?.ownerId != contact.approverId)
    }

    /** Who isn't asked is told nothing of it, nor is anybody here of what is for other channels; who stands behind it may look. */
    private suspend fun maySee(record: ApprovalRecord, contact: Contact): Boolean {
        val groups = record.question.groups
        val isAsked = groups.isEmpty() || access.groupsOf(contact.approverId).any { it in groups }
        return isAsked && record.question.isToldOver(TelegramChannel.NAME)
    }

    /** A reply to the question why something is denied denies it. */
    private suspend fun noted(wrote: Update.Wrote, replyTo: Long, contact: Contact) {
        val question = store.message(wrote.account, replyTo)?.takeIf { it.isQuestion }
        val note = wrote.text.trim()
        val words = when {
            question == null -> HELP

            note.isEmpty() || note.codePointCount(
                0,
                note.length,
            ) > LONGEST_NOTE || '\u0000' in note -> "A note may have 1 to 4,000 characters."

            else -> vote.cast(question.approvalId, contact, Answer.DENY, note).also {
                store.useUp(question.approvalId, wrote.account, clock.instant())
            }
        }
        replies.to(wrote.account) { say(wrote.account, words) }
    }

    private suspend fun say(chat: String, words: String) {
        bot.send(chat, MessageText().ours(words).done())
    }

    private companion object {
        const val LONGEST_CODE = 64
        const val LONGEST_NOTE = 4_000
        const val MOST_LOOKED_AT = 100
        const val MOST_LISTED = 15
        const val HELP = "I ask you to decide here. /pending lists what is open."
        const val STRANGER = "This bot asks approvers. To be one here, have a code made with: ./sesame approvers link-telegram NAME"
    }
}
