package dev.sesame.broker.approval

import dev.sesame.Answer
import dev.sesame.Person
import dev.sesame.broker.access.Approver
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command

/** One approver's answer. When it returns, it is on disk; the first terminal one decided. */
internal class CastVote(private val adjudicate: Adjudicate, private val access: AccessStore) {
    /** `null` where there is no such approval for this approver; [NoLongerActive] where the approver was removed meanwhile. */
    suspend fun cast(
        id: String,
        approver: Approver,
        answer: Answer,
        via: String,
        note: String?,
        mayTouch: (ApprovalRecord) -> Boolean,
    ): Verdict? {
        var isFirst = true
        return adjudicate.judge(id, mayTouch) { record ->
            // The commit counts an active approver's vote only; where it didn't count one, this may be why.
            if (!isFirst && !access.isActive(approver.id)) throw NoLongerActive()
            isFirst = false
            val asker = access.requester(record.question.requesterId)?.ownerId
            Command.CastVote(Person(approver.id, approver.name), answer, via, note, asker)
        }
    }
}

/** The approver was removed while the vote was on its way: it doesn't count. */
internal class NoLongerActive : RuntimeException("this approver was removed")
