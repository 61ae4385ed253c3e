package dev.sesame.testing.internal

import dev.sesame.ApprovalStatus
import dev.sesame.Mode
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.ApprovalRules
import dev.sesame.rules.Command
import dev.sesame.rules.Event
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.PolicyRuling
import dev.sesame.rules.Question
import dev.sesame.rules.Refusal
import dev.sesame.rules.Ruling
import dev.sesame.rules.Transition
import dev.sesame.rules.asDecided
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import java.time.Duration
import java.time.Instant

/**
 * Every approval and all that happened to it, in memory. Nothing changes an approval but the rules; one thing happens at a time.
 *
 * Whoever waits, waits for [changes] and then reads again.
 */
internal class Store(private val now: () -> Instant) : Agenda {
    private val records = LinkedHashMap<String, ApprovalRecord>() // oldest first; guarded by this, like the next
    private val events = ArrayList<Happened>()
    private val changed = MutableStateFlow(0L)

    /** Told of each approval that others are asked about from now on. */
    @Volatile var escalated: (String) -> Unit = {}

    /** Grows with every change. */
    override val changes: StateFlow<Long> = changed.asStateFlow()

    /** All approvals, oldest first; what time has ended is ended. */
    @Synchronized
    fun all(): List<ApprovalRecord> {
        doDue()
        return records.values.toList()
    }

    /** All that happened, in the order in which it did. */
    @Synchronized
    fun history(): List<Happened> = events.toList()

    @Synchronized
    fun find(id: String, mayRead: (ApprovalRecord) -> Boolean = { true }): ApprovalRecord? {
        if (records[id]?.takeIf(mayRead) == null) return null
        return inTime(id)
    }

    /** Judges what [command] makes of the approval; `null` where there is none, or [mayTouch] says it isn't the caller's. */
    @Synchronized
    fun judge(id: String, mayTouch: (ApprovalRecord) -> Boolean, command: (ApprovalRecord) -> Command): Verdict? {
        while (true) {
            val record = records[id]?.takeIf(mayTouch) ?: return null
            val ruling = ApprovalRules.judge(record, command(record), now())
            val verdict = commit(ruling, record)
            if (ruling !is Ruling.TimeFirst) return verdict
        }
    }

    /** Opens [question], decided at once where [policy] decides it, or finds what its dedup key stands for. */
    @Synchronized
    fun open(question: Question, policy: PolicyRuling): Opened {
        val existing = question.dedupKey?.let { standingFor(it, question) }
        val verdict = commit(ApprovalRules.open(question, existing, now(), policy), existing)
        return Opened(verdict, isNew = verdict.record.id == question.id)
    }

    /** Finds what the dedup key of [question] stands for already; `null` where that is nothing. It opens nothing. */
    @Synchronized
    fun again(question: Question): Opened? {
        val existing = question.dedupKey?.let { standingFor(it, question) } ?: return null
        return Opened(commit(ApprovalRules.open(question, existing, now()), existing), isNew = false)
    }

    /** How many of the requester's questions are open. */
    @Synchronized
    fun countPending(requesterId: String, mode: Mode): Int =
        all().count { it.status == ApprovalStatus.PENDING && it.question.requesterId == requesterId && it.question.mode == mode }

    /** When something is due that nobody has to ask for. */
    @Synchronized
    override fun nextDue(): Instant? = records.values.filter { it.status == ApprovalStatus.PENDING }
        .minOfOrNull { minOf(it.question.endsAt, it.escalatesAt ?: Instant.MAX) }

    /** Does what is due. */
    @Synchronized
    override fun doDue() {
        records.values.filter { it.status == ApprovalStatus.PENDING }.forEach { inTime(it.id) }
    }

    /** As it is once everything was done that is due. */
    private fun inTime(id: String): ApprovalRecord? {
        judge(id, { true }) { Command.Escalate }
        return records[id]
    }

    private fun standingFor(key: String, question: Question): ApprovalRecord? = records.values.lastOrNull {
        val asked = it.question
        asked.dedupKey == key && asked.requesterId == question.requesterId && asked.mode == question.mode &&
            it.status != ApprovalStatus.CANCELLED && !isForgotten(it)
    }

    private fun isForgotten(record: ApprovalRecord): Boolean =
        record.isSettled && record.progress.decidedAt?.let { now() > it + KEY_LIFE } ?: false

    private fun commit(ruling: Ruling, before: ApprovalRecord?): Verdict {
        val after = ruling.transition?.also(::keep)?.after ?: before
        val refused = ruling as? Ruling.Refused
        return Verdict(checkNotNull(after) { "a ruling without a record" }, refused?.refusal, refused?.fields.orEmpty())
    }

    private fun keep(transition: Transition) {
        records[transition.after.id] = transition.after
        transition.steps.forEach { events += Happened(events.size + 1L, it.event, it.after) }
        changed.update { it + 1 }
        if (transition.event == Event.ESCALATED) escalated(transition.after.id)
    }

    private companion object {
        val KEY_LIFE: Duration = Duration.ofDays(90)
    }
}

/** How a command ended: the approval as it stands now, and why it was refused where it was, with what is wrong with which field. */
internal class Verdict(val record: ApprovalRecord, val refusal: Refusal?, val fields: List<FieldProblem>)

/** What asking led to. */
internal class Opened(val verdict: Verdict, val isNew: Boolean)

/** One step in an approval's life: its number, and the approval after it. */
internal class Happened(val seq: Long, val event: Event, val record: ApprovalRecord) {
    /** Whether it is a decision that [caller] is told of. */
    fun isDecisionFor(caller: Caller.AsRequester): Boolean = event.isDecision && caller.mayRead(record)

    /** The approval as it was decided. */
    fun decided(): ApprovalRecord = record.asDecided()
}
