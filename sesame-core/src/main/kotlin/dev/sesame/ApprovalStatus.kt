package dev.sesame

import dev.sesame.internal.Term

/** Where an approval stands; a status that this version doesn't know keeps its text and is never "approved". */
public class ApprovalStatus private constructor(value: String) : Term(value) {
    /** Whether this is one of the four ends: approved, denied, expired, cancelled. */
    public val isTerminal: Boolean get() = this in terminal

    /** The known statuses. */
    public companion object {
        /** Nobody has answered yet. */
        @JvmField public val PENDING: ApprovalStatus = ApprovalStatus("pending")

        /** People said yes. */
        @JvmField public val APPROVED: ApprovalStatus = ApprovalStatus("approved")

        /** Somebody said no. */
        @JvmField public val DENIED: ApprovalStatus = ApprovalStatus("denied")

        /** Nobody answered in time: silence is never consent. */
        @JvmField public val EXPIRED: ApprovalStatus = ApprovalStatus("expired")

        /** The requester took the question back. */
        @JvmField public val CANCELLED: ApprovalStatus = ApprovalStatus("cancelled")

        private val terminal = setOf(APPROVED, DENIED, EXPIRED, CANCELLED)

        /** The status written [value] on the wire, known or not. */
        @JvmStatic public fun of(value: String): ApprovalStatus = ApprovalStatus(value)
    }
}
