package dev.sesame.broker.approval

import dev.sesame.Mode
import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Ids
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.rules.Asked
import dev.sesame.rules.PolicyRuling
import dev.sesame.rules.Question
import dev.sesame.rules.invalid
import dev.sesame.rules.unreachable
import java.time.InstantSource
import java.time.temporal.ChronoUnit

/** Opens a request, or finds the one that its dedup key stands for already. When it returns, it is on disk. */
internal class OpenApproval(
    private val adjudicate: Adjudicate,
    private val store: ApprovalStore,
    private val access: AccessStore,
    private val policy: JudgeByPolicy,
    private val ids: Ids,
    private val clock: InstantSource,
    private val pendingLimit: PendingLimit,
) {
    suspend fun open(asked: Asked, caller: Caller.AsRequester): Opened {
        // What stands already is found by what was asked alone: the policy may say something else by now.
        val isKnown = asked.dedupKey?.let { store.findByDedupKey(caller.requester.id, caller.key.mode, it) } != null
        if (isKnown) adjudicate.again(question(asked, caller, PolicyRuling.NO_RULE))?.let { return it }
        pendingLimit.take(caller.requester.id, caller.key.mode)
        val ruling = policy.judge(asked, caller)
        val question = question(asked, caller, ruling)
        if (ruling.asks(question)) refuseUnreachable(question, caller.requester.ownerId)
        return adjudicate.open(question, ruling, keyWasFree = !isKnown)
    }

    private fun question(asked: Asked, caller: Caller.AsRequester, ruling: PolicyRuling): Question {
        val now = clock.instant().truncatedTo(ChronoUnit.MILLIS)
        val requester = caller.requester
        return asked.toQuestion(ids.approval(), caller.key.mode, requester.id, requester.name, now, requester.allowSelf, ruling)
    }

    /** Nobody waits for what can't be. One approval by anybody always can; a test request waits for nobody. */
    private suspend fun refuseUnreachable(question: Question, ownerId: String?) {
        val isPlain = question.approvalsRequired == 1 && question.groups.isEmpty() && (ownerId == null || question.allowSelf)
        if (isPlain || question.mode == Mode.TEST) return
        val problems = question.unreachable(access.electorate(), ownerId)
        if (problems.isNotEmpty()) throw invalid(*problems.toTypedArray())
    }
}
