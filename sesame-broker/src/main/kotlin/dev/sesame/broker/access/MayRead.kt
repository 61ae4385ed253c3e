package dev.sesame.broker.access

import dev.sesame.rules.ApprovalRecord

/** What this caller may read: a requester its own, an admin everything live, an approver what of that is asked of everybody or of their groups. */
internal fun Caller.mayRead(record: ApprovalRecord): Boolean = when (this) {
    is Caller.AsRequester -> owns(record)

    is Caller.AsApprover ->
        record.isForPeople &&
            (isAdmin || record.question.groups.isEmpty() || record.question.groups.any { it in groups })
}

internal fun Caller.AsRequester.owns(record: ApprovalRecord): Boolean =
    record.question.requesterId == requester.id && record.question.mode == key.mode
