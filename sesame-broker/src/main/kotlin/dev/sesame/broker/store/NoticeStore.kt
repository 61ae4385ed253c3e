package dev.sesame.broker.store

import dev.sesame.broker.notice.Contact
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.NoticeState
import java.time.Instant

/**
 * Where notices are kept. They come into it with the event that they tell of, by [ApprovalStore.commit], and leave it with their approval.
 *
 * Every adapter passes `NoticeStoreContract`.
 */
internal interface NoticeStore {
    /** Whether any notice is pending on [channel], due or later. */
    suspend fun areOwed(channel: String): Boolean

    /** The contacts of [channel] for whom something is due at [now], the longest due first, at most [limit]. */
    suspend fun contactsDue(channel: String, now: Instant, limit: Int): List<String>

    /** What is due for the contact, in the order in which it was owed, at most [limit]. */
    suspend fun due(channel: String, address: String, now: Instant, limit: Int): List<Notice>

    /** Stores at all of [seqs] what came of an attempt that ended [at]; one that is PENDING still is tried again at [nextAt]. */
    suspend fun record(seqs: List<Long>, after: Attempted, at: Instant)

    /** Puts off what is pending for the contact to [until], where it would be due before. */
    suspend fun putOff(channel: String, address: String, until: Instant)

    /** Owes it to the contact at [at] to see the approval, be it for the first time or again. */
    suspend fun show(approvalId: String, contact: Contact, at: Instant)

    /** Owes it to the contact at [at] to be told of the decision once more: a message was found that doesn't tell of it. */
    suspend fun tellDecisionAgain(approvalId: String, contact: Contact, at: Instant)

    /** Drops what is pending for channels other than [channels]: nobody will send it. */
    suspend fun dropOthers(channels: Set<String>, at: Instant)

    /** The newest [limit] about the approval, oldest first. */
    suspend fun noticesOf(approvalId: String, limit: Int): List<Notice>

    /** How many of [channel] wait to be sent, up to [atMost], and how many of the newest [atMost] of all channels it sent, or failed to, since [since]. */
    suspend fun count(channel: String, since: Instant, atMost: Int): NoticeCount

    /** The contact with that address, if its approver is active. */
    suspend fun contact(channel: String, address: String): Contact?

    /** Contacts of active approvers, by channel and the longest there first. */
    suspend fun contacts(): List<Contact>

    /** Ends the approver's contacts on [channel], and what is pending for them; `false` where there were none. */
    suspend fun removeContacts(channel: String, approverId: String, at: Instant): Boolean
}

/** What an attempt at a notice left it as; [counts] is whether it was one, which a channel that was merely busy doesn't make it. */
internal data class Attempted(val state: NoticeState, val detail: String?, val nextAt: Instant? = null, val counts: Boolean = true)

/** How many notices of a channel wait, and how many ended how. */
internal data class NoticeCount(val waiting: Int, val sent: Int, val failed: Int)
