package dev.sesame.broker.inbox

import dev.sesame.Approval
import dev.sesame.broker.approval.EventCursor
import dev.sesame.broker.approval.FollowInbox
import dev.sesame.rules.ApprovalRecord
import java.time.Instant
import java.time.InstantSource

/** What pages show of the present: the time, requests as they stand, and the place from which a page's script follows what happens. */
internal class News(
    private val follow: FollowInbox,
    private val cursors: EventCursor,
    private val clock: InstantSource,
    private val documents: (ApprovalRecord) -> Approval,
) {
    fun now(): Instant = clock.instant()

    fun document(record: ApprovalRecord): Approval = documents(record)

    suspend fun cursor(visitor: Visitor): String = cursors.of(follow.now(), visitor.approver.id, FollowInbox.READER)
}
