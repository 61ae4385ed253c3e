package dev.sesame.broker.notice

import java.time.Instant

/** One thing that one approver is told of one approval, over one channel. */
internal data class Notice(
    val seq: Long,
    val approvalId: String,
    val kind: NoticeKind,
    val contact: Contact,
    val state: NoticeState,
    val createdAt: Instant,
    /** When it is sent, or tried again; `null` once it has ended. */
    val nextAt: Instant?,
    val attempts: Int = 0,
    val endedAt: Instant? = null,
    /** Why it failed or was dropped, or how else it was sent. */
    val detail: String? = null,
)

/** Where [channel] reaches an approver: with Telegram, [address] is the number of a linked account. */
internal data class Contact(val channel: String, val address: String, val approverId: String)

/** What a notice tells. */
internal enum class NoticeKind {
    /** It was asked. */
    ASKED,

    /** Half of its time is over, and this approver has not answered. */
    HALF_TIME,

    /** A tenth of its time is left, and this approver has not answered. */
    LAST_CALL,

    /** The policy's rule says when, one after the other, and this approver has not answered. */
    REMINDER_1,
    REMINDER_2,
    REMINDER_3,
    REMINDER_4,
    REMINDER_5,

    /** The approver asked to see it. */
    SHOWN,

    /** This approver's vote is kept, and others are still needed. */
    VOTED,

    /** It was decided: whatever was sent before is to say so. */
    DECIDED,
    ;

    /** Whether it asks for an answer, and so is of no use to who has answered. */
    val asksForAnswer: Boolean get() = this != VOTED && this != DECIDED

    companion object {
        /** At the times that a policy's rule says: at most so many. */
        val REMINDERS = listOf(REMINDER_1, REMINDER_2, REMINDER_3, REMINDER_4, REMINDER_5)
    }
}

/** Where a notice stands. */
internal enum class NoticeState {
    /** It will be sent at its time. */
    PENDING,

    /** The channel took it. */
    SENT,

    /** The channel will never take it, or didn't in all the time there was. */
    FAILED,

    /** Nobody needs it any more. */
    DROPPED,
}
