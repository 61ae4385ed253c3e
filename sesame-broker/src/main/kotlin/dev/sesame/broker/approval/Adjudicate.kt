package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.ApprovalRules
import dev.sesame.rules.Command
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.PolicyRuling
import dev.sesame.rules.Question
import dev.sesame.rules.Refusal
import dev.sesame.rules.Ruling
import dev.sesame.rules.Transition
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import java.time.InstantSource

/** How a command ended: the approval as it stands now, and why it was refused where it was, with what is wrong with which field. */
internal data class Verdict(val record: ApprovalRecord, val refusal: Refusal?, val fields: List<FieldProblem> = emptyList())

/**
 * Read, judge, commit; when somebody was first, all over again. The one way in which an approval changes.
 *
 * When it returns, what it returns is on disk, and [committed] has been told, so that whoever waits is woken.
 */
internal class Adjudicate(private val store: ApprovalStore, private val clock: InstantSource, private val committed: (Transition) -> Unit) {
    /** Judges what [command] makes of each reading of [id]; `null` where there is no such approval or [mayTouch] says it isn't the caller's. */
    suspend fun judge(id: String, mayTouch: (ApprovalRecord) -> Boolean, command: suspend (ApprovalRecord) -> Command): Verdict? {
        repeat(TRIES) {
            val record = store.find(id)?.takeIf(mayTouch) ?: return null
            val asked = command(record)
            val ruling = ApprovalRules.judge(record, asked, clock.instant())
            val done = commit(record.version, ruling.transition, asked.judgedBy())
            if (done != null && ruling !is Ruling.TimeFirst) return verdict(ruling, done.orElse(record))
        }
        throw Contended(id)
    }

    /**
     * Opens [question], decided at once where [policy] decides it, or finds what its dedup key stands for. [keyWasFree]: a moment ago that was
     * nothing, so there is no look for it before the first try; where somebody was faster, that try stores nothing.
     */
    suspend fun open(question: Question, policy: PolicyRuling = PolicyRuling.NO_RULE, keyWasFree: Boolean = false): Opened {
        repeat(TRIES) { tried ->
            val key = question.dedupKey?.takeUnless { keyWasFree && tried == 0 }
            val existing = key?.let { store.findByDedupKey(question.requesterId, question.mode, it) }
            val ruling = ApprovalRules.open(question, existing, clock.instant(), policy)
            val isNew = ruling.transition?.after?.id == question.id
            commit(if (isNew) 0 else existing?.version ?: 0, ruling.transition)?.let { done ->
                return Opened(verdict(ruling, done.orElse(existing)), isNew)
            }
        }
        throw Contended(question.id)
    }

    /** Finds what the dedup key of [question] stands for already; `null` where that is nothing. It opens nothing. */
    suspend fun again(question: Question): Opened? {
        val dedupKey = question.dedupKey ?: return null
        repeat(TRIES) {
            val existing = store.findByDedupKey(question.requesterId, question.mode, dedupKey) ?: return null
            val ruling = ApprovalRules.open(question, existing, clock.instant())
            commit(existing.version, ruling.transition)?.let { return Opened(verdict(ruling, it.orElse(existing)), isNew = false) }
        }
        throw Contended(question.id)
    }

    /** `null`: somebody was first. */
    private suspend fun commit(expectedVersion: Int, transition: Transition?, judgedBy: Long? = null): Committed? {
        if (transition == null) return Committed(null)
        // A caller who leaves now must not keep those who wait from hearing of what was stored.
        return withContext(NonCancellable) {
            if (!store.commit(expectedVersion, transition, clock.instant(), judgedBy)) return@withContext null
            committed(transition)
            Committed(transition.after)
        }
    }

    /** The version of the facts that the ruling rests on: they must hold in the transaction that stores it. */
    private fun Command.judgedBy(): Long? = when (this) {
        is Command.CastVote -> electorate.version
        is Command.Extend -> electorate.version
        else -> null
    }

    private fun verdict(ruling: Ruling, record: ApprovalRecord): Verdict {
        val refused = ruling as? Ruling.Refused ?: return Verdict(record, refusal = null)
        return Verdict(record, refused.refusal, refused.fields)
    }

    private class Committed(private val after: ApprovalRecord?) {
        fun orElse(before: ApprovalRecord?): ApprovalRecord = checkNotNull(after ?: before) { "a ruling without a record" }
    }

    private companion object {
        /** Each lost try means that somebody else's succeeded; more than a few on one approval is a fault. */
        const val TRIES = 20
    }
}

/** What asking led to. */
internal data class Opened(val verdict: Verdict, val isNew: Boolean)

/** Too many changed one approval at once; nothing was changed by this call. */
internal class Contended(id: String) : RuntimeException("too many calls on $id at once")
