package dev.sesame.testing.internal

import dev.sesame.Answer
import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.Mode
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Asked
import dev.sesame.rules.Command
import dev.sesame.rules.PolicyRuling
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.Question
import dev.sesame.rules.invalid
import dev.sesame.rules.toApproval
import dev.sesame.rules.unreachable
import dev.sesame.testing.PolicyScript
import kotlinx.serialization.json.JsonObject
import java.time.Duration
import java.time.InstantSource
import java.time.temporal.ChronoUnit
import java.util.concurrent.CopyOnWriteArrayList

/** What can be done to approvals, whoever asks for it: by a call, or by the test itself. */
internal class Desk(
    val store: Store,
    val access: Access,
    private val ids: Ids,
    private val clock: InstantSource,
    private val publicUrl: () -> String,
) {
    private val tokens = HashMap<Pair<String, Int>, String>() // of each claim; guarded by itself
    private val scripts = CopyOnWriteArrayList<Script>()

    init {
        store.escalated = { id -> scripts.filter { !hasAnswered(it.member, id) }.forEach { answer(id, it) } }
    }

    /** What is decided without people. */
    @Volatile var policy = PolicyScript()

    /** As callers are told of it now. */
    fun document(record: ApprovalRecord): Approval = record.toApproval(publicUrl(), clock.instant())

    fun open(asked: Asked, caller: Caller.AsRequester): Opened {
        // What stands already is found by what was asked alone: the policy may say something else by now.
        store.again(question(asked, caller, PolicyRuling.NO_RULE))?.let { return it }
        if (store.countPending(caller.account.id, caller.mode) >= MOST_PENDING) {
            val detail = "at most $MOST_PENDING requests may be open at once: have some decided first"
            throw Problem(ProblemCode.RATE_LIMITED, detail, retryAfterSeconds = 60)
        }
        val ruling = policy.judge(asked.action, asked.context)
        val question = question(asked, caller, ruling)
        if (ruling.asks(question)) refuseUnreachable(question)
        val opened = store.open(question, ruling)
        if (opened.isNew) scripts.forEach { answer(opened.verdict.record.id, it) }
        store.doDue()
        return opened
    }

    private fun question(asked: Asked, caller: Caller.AsRequester, ruling: PolicyRuling): Question {
        val now = clock.instant().truncatedTo(ChronoUnit.MILLIS)
        val account = caller.account
        return asked.toQuestion(ids.approval(), caller.mode, account.id, account.name, now, account.allowSelf, ruling)
    }

    /** Nobody waits for what can't be. One approval by anybody always can; a test request waits for nobody. */
    private fun refuseUnreachable(question: Question) {
        val owner = access.ownerOf(question.requesterId)
        val isPlain = question.approvalsRequired == 1 && question.groups.isEmpty() && (owner == null || question.allowSelf)
        if (isPlain || question.mode == Mode.TEST) return
        val problems = question.unreachable(access.electorate(), owner)
        if (problems.isNotEmpty()) throw invalid(*problems.toTypedArray())
    }

    fun vote(
        id: String,
        member: Member,
        answer: Answer,
        via: String,
        note: String?,
        context: JsonObject? = null,
        mayTouch: (ApprovalRecord) -> Boolean,
    ): Verdict? = store.judge(id, mayTouch) { record ->
        Command.CastVote(member.person, answer, via, note, access.ownerOf(record.question.requesterId), access.electorate(), context)
    }

    fun extend(id: String, member: Member, expiresIn: Duration, mayTouch: (ApprovalRecord) -> Boolean): Verdict? {
        val to = clock.instant().truncatedTo(ChronoUnit.MILLIS) + expiresIn
        return store.judge(id, mayTouch) { record ->
            val asker = access.ownerOf(record.question.requesterId)
            Command.Extend(member.person, to, EXTEND_WITHIN, asker, access.electorate(), member.isAdmin)
        }
    }

    /** From now on, and for what is pending, [script] answers. */
    fun follow(script: Script) {
        scripts += script
        store.all().forEach { answer(it.id, script) }
    }

    /** Nobody answers for [member] any more. */
    fun forget(member: Member) {
        scripts.removeIf { it.member === member }
    }

    private fun answer(id: String, script: Script) {
        val record = store.find(id)?.takeIf { it.status == ApprovalStatus.PENDING && it.question.mode == Mode.LIVE } ?: return
        if (script.isFor(document(record))) vote(id, script.member, script.answer, INBOX, script.note) { true }
    }

    private fun hasAnswered(member: Member, id: String): Boolean =
        store.find(id)?.progress?.votes.orEmpty().any { it.by.id == member.person.id }

    /** The proof of the claim that [record] holds now: the same for the same claim. */
    fun token(record: ApprovalRecord): String {
        val claim = checkNotNull(record.progress.claim) { "${record.id} is claimed by nobody" }
        return synchronized(tokens) { tokens.getOrPut(record.id to claim.fence) { ids.secret("ct_") } }
    }

    /** The fence that [token] proves on [record]; `null` where it proves none. */
    fun fence(record: ApprovalRecord, token: String): Int? = record.progress.claim?.fence?.takeIf { token == token(record) }

    companion object {
        /** The channel of a person who answers in the test itself. */
        const val INBOX = "inbox"

        /** Until so long after it was asked: the broker's default. */
        private val EXTEND_WITHIN = Duration.ofDays(7)
        private const val MOST_PENDING = 20_000
    }
}

/** What a person was told in advance to answer, and to what. */
internal class Script(val member: Member, val answer: Answer, val note: String?, val isFor: (Approval) -> Boolean)
