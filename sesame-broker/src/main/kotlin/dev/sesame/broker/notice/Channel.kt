package dev.sesame.broker.notice

import dev.sesame.rules.ApprovalRecord
import kotlin.time.Duration

/**
 * A way to tell approvers. It is given one notice of a contact at a time, in the order in which they were owed; the same one again where it is
 * not known whether the first time counted.
 *
 * Both calls return when the channel has taken it or said why not; every failure is an answer, never an exception (but cancellation).
 */
internal interface Channel {
    /** As it stands in the store and on the wire. */
    val name: String

    suspend fun tell(notice: Notice, record: ApprovalRecord): Told

    /** Many that ask for an answer, told as one: the first of them, and how many [more] there are. */
    suspend fun tellTogether(contact: Contact, records: List<ApprovalRecord>, more: Int): Told
}

/** What came of a notice. */
internal sealed interface Told {
    data class Sent(val detail: String? = null) : Told

    /** There was nothing to tell. */
    data class Dropped(val why: String) : Told

    /** The channel will never take it. */
    data class Refused(val why: String) : Told

    /** It may yet be taken, and where [retryAfter] was asked for, not much sooner than then. This contact alone waits. */
    data class Failed(val why: String, val retryAfter: Duration? = null) : Told

    /** The whole channel wants to be left alone for so long; that is nobody's failure. */
    data class Busy(val why: String, val pause: Duration) : Told
}
