package dev.sesame.broker.approval

import dev.sesame.Answer
import dev.sesame.Person
import dev.sesame.broker.access.Approver
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import kotlinx.serialization.json.JsonObject

/** One approver's answer. When it returns, it is on disk; the first terminal one decided. */
internal class CastVote(private val adjudicate: Adjudicate, private val access: AccessStore) {
    /**
     * `null` where there is no such approval for this approver; [NoLongerActive] where the approver was removed meanwhile. [context], where
     * given, is what is approved in place of what was asked.
     */
    suspend fun cast(
        id: String,
        approver: Approver,
        answer: Answer,
        via: String,
        note: String?,
        context: JsonObject? = null,
        mayTouch: (ApprovalRecord) -> Boolean,
    ): Verdict? = adjudicate.judge(id, mayTouch) { record ->
        // Read at each try: what is stored rests on who may answer in that very transaction.
        val electorate = access.electorate()
        if (!electorate.isActive(approver.id)) throw NoLongerActive()
        val asker = access.requester(record.question.requesterId)?.ownerId
        Command.CastVote(Person(approver.id, approver.name), answer, via, note, asker, electorate, context)
    }
}

/** The approver was removed while the vote was on its way: it doesn't count. */
internal class NoLongerActive : RuntimeException("this approver was removed")
