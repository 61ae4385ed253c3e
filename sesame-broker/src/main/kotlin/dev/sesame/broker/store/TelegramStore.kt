package dev.sesame.broker.store

import dev.sesame.broker.notice.Contact
import java.time.Instant

/** What the Telegram channel keeps: codes that link accounts, what buttons stand for, its messages, and which updates it has dealt with. */
internal interface TelegramStore {
    /** Keeps the hash of a code that links an account to the approver until [expiresAt]; it takes the place of an earlier one. */
    suspend fun keepCode(codeHash: String, approverId: String, expiresAt: Instant)

    /** Links [account] to the approver of the code, and only to them, in place of any account that they had; the code is used up. */
    suspend fun link(codeHash: String, account: String, now: Instant, atMost: Int): Linked

    /** Keeps what buttons of one message stand for, by the hashes of their handles. */
    suspend fun keepButtons(buttons: List<KeptButton>)

    /** What the button stands for. */
    suspend fun button(handleHash: String): KeptButton?

    /** No button about this approval in this chat counts any more. */
    suspend fun useUp(approvalId: String, chat: String, at: Instant)

    /** Keeps that the bot's message is about the approval. */
    suspend fun keepMessage(message: KeptMessage)

    /** The bot's message with that number in that chat. */
    suspend fun message(chat: String, messageId: Long): KeptMessage?

    /** The newest [limit] of the bot's messages in that chat that show the approval, newest first. */
    suspend fun messagesOf(approvalId: String, chat: String, limit: Int): List<KeptMessage>

    /** Forgets a message that is there no more. */
    suspend fun forgetMessage(message: KeptMessage)

    /** Whether that update was dealt with. */
    suspend fun knows(updateId: Long): Boolean

    /** Keeps that the update was dealt with, and forgets those from before [forgetBefore]. */
    suspend fun keepUpdate(updateId: Long, at: Instant, forgetBefore: Instant)

    /** The highest number among the updates that were dealt with since [since]. */
    suspend fun lastUpdate(since: Instant): Long?
}

/** What pressing a button does: cast this vote, for this approver, from this chat. */
internal data class KeptButton(
    val handleHash: String,
    val approvalId: String,
    val approverId: String,
    val chat: String,
    val meaning: Meaning,
    val isUsed: Boolean = false,
) {
    enum class Meaning { APPROVE, DENY, DENY_WITH_NOTE }
}

/** A message of the bot's; [isQuestion]: a reply to it is the note of a denial. */
internal data class KeptMessage(val chat: String, val messageId: Long, val approvalId: String, val isQuestion: Boolean = false)

/** How linking an account ended. */
internal sealed interface Linked {
    data class Done(val contact: Contact) : Linked

    /** The code was never given out, is over or used, or its approver was removed. */
    data object WrongCode : Linked

    /** So many accounts are linked that no other can be. */
    data object TooMany : Linked
}
