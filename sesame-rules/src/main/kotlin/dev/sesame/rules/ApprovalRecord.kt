package dev.sesame.rules

import dev.sesame.ApprovalStatus
import dev.sesame.Decision
import dev.sesame.Execution
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.Person
import dev.sesame.TestDecision
import dev.sesame.Vote
import dev.sesame.internal.InstantText
import dev.sesame.internal.ModeText
import dev.sesame.internal.StatusText
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/** One approval as the broker keeps it: what was asked, how far it got, and how many transitions made it so. */
public data class ApprovalRecord(val question: Question, val progress: Progress, val version: Int) {
    /** Shorthand. */
    public val id: String get() = question.id

    /** Shorthand. */
    public val status: ApprovalStatus get() = progress.status

    /** The canonical hash of what was approved, and of what may run. */
    public val contextHash: String get() = progress.contextHash ?: question.requestHash

    /** Whether people see it and answer it, admins included: what is of test mode reaches nobody but its own requester. */
    public val isForPeople: Boolean get() = question.mode == Mode.LIVE

    /** When others are to be asked too, beside those who are; `null` where nobody is, or they were. */
    public val escalatesAt: Instant?
        get() = question.escalation?.takeIf { status == ApprovalStatus.PENDING && it.escalatedAt == null }?.at

    /** Whether nobody has to look any more: it was never given to run, or it is known what became of the run. */
    public val isSettled: Boolean get() = progress.execution?.state in setOf(null, ExecutionState.SUCCEEDED, ExecutionState.FAILED)
}

/**
 * What was asked: set once, never changed, but for its expiry, which people may put off, for whom it asks, once it escalates, and values that
 * are erased when it is over.
 */
@Serializable
public data class Question(
    val id: String,
    @Serializable(with = ModeText::class) val mode: Mode,
    val requesterId: String,
    val requesterLabel: String,
    val action: String,
    val summary: String,
    val reason: String? = null,
    val context: JsonObject,
    /** Over action and context, RFC 8785. */
    val requestHash: String,
    val callbackUrl: String? = null,
    val dedupKey: String? = null,
    @Serializable(with = InstantText::class) val createdAt: Instant,
    @Serializable(with = InstantText::class) val expiresAt: Instant,
    /** How long after the approval it may be claimed. */
    val validForSeconds: Long,
    val requestedBy: String? = null,
    val riskScore: Double? = null,
    val editable: List<String> = emptyList(),
    val approvalsRequired: Int = 1,
    val groups: List<String> = emptyList(),
    /** How many of each group must approve, nobody counted for two groups; groups that aren't named here give approvals like everybody. */
    val approvalsPerGroup: Map<String, Int> = emptyMap(),
    /** Whether the person who stands behind the requester may answer it too. */
    val allowSelf: Boolean = false,
    /** The policy's rule that applied when it was asked; `null` where none did. */
    val rule: String? = null,
    /** What the caller asked for, where the policy made more of it: the same call again is known by it. */
    val asked: Demand? = null,
    /** The number of that alone, as it was kept before [asked] was; only to be read. */
    val approvalsAsked: Int? = null,
    /** How far its expiry may be put off by the policy's rule; `null` where that says nothing. */
    @Serializable(with = InstantText::class) val latestExpiry: Instant? = null,
    /** Over which channels people are told of it; `null` is all of them. */
    val channels: List<String>? = null,
    /** How long after the asking those are told again who haven't answered; `null` is the usual times. */
    val remindAfterSeconds: List<Long>? = null,
    /** Who else may answer it, if it is pending for so long. */
    val escalation: EscalationPlan? = null,
    /** What of the context is told to nobody over which channel: as the policy had it when it was asked. */
    val redactions: List<Redaction> = emptyList(),
    /** What of the context is kept no more. */
    val erasures: List<Erasure> = emptyList(),
    /** Answers it in place of a person; of test mode only. */
    val test: TestDecision? = null,
) {
    init {
        require(test == null || mode == Mode.TEST) { "$id is of mode $mode, where people answer" }
    }

    /** When time ends the question, if nobody has before: at its expiry, or where its own test answer comes earlier. */
    val endsAt: Instant get() = if (test == null) expiresAt else minOf(expiresAt, createdAt.plusMillis(test.afterMillis))

    /** Whether the caller says who must approve it, or that more than one must. */
    internal val demandsPeople: Boolean
        get() = (asked ?: Demand(approvalsRequired, groups, approvalsPerGroup)) != Demand()

    /** Whether [other] asks the same under one dedup key (`protocol.md`: "Same key again"). */
    public fun asksTheSameAs(other: Question): Boolean = requestHash == other.requestHash &&
        editable.toSet() == other.editable.toSet() &&
        demand().isSameAs(other.demand())

    /** What the caller asked for, whatever a policy made of it. */
    private fun demand(): Demand = asked ?: Demand(approvalsAsked ?: approvalsRequired, groups, approvalsPerGroup)

    /** Whether people are told of it over [channel]. */
    public fun isToldOver(channel: String): Boolean = channels == null || channel in channels
}

/** People of these [groups] are asked too [at] that time, if it is pending then; [escalatedAt] is when they were. */
@Serializable
public data class EscalationPlan(
    @Serializable(with = InstantText::class) val at: Instant,
    val groups: List<String>,
    @Serializable(with = InstantText::class) val escalatedAt: Instant? = null,
)

/** How far it got. */
@Serializable
public data class Progress(
    @Serializable(with = StatusText::class) val status: ApprovalStatus = ApprovalStatus.PENDING,
    val votes: List<Vote> = emptyList(),
    val decision: Decision? = null,
    @Serializable(with = InstantText::class) val decidedAt: Instant? = null,
    @Serializable(with = InstantText::class) val validUntil: Instant? = null,
    /** Set where an approver's edit changed what was asked. */
    val contextHash: String? = null,
    val execution: Execution? = null,
    val claim: Claim? = null,
    /** How its expiry was put off, the oldest first. */
    val extensions: List<Extension> = emptyList(),
    /** The admin who said what became of the last run; `null` where its own caller did, or nobody. */
    val settledBy: Person? = null,
)

/** One putting off of the expiry. */
@Serializable
public data class Extension(
    val by: Person,
    @Serializable(with = InstantText::class) val at: Instant,
    @Serializable(with = InstantText::class) val from: Instant,
    @Serializable(with = InstantText::class) val to: Instant,
)

/** The right to run, as last granted. */
@Serializable
public data class Claim(
    /** The one call that holds it. */
    val claimant: String,
    /** Grows with every grant, so that an old holder's word doesn't count. */
    val fence: Int,
    @Serializable(with = InstantText::class) val leaseUntil: Instant,
    /** Whether it was granted although nobody knows how an earlier run ended: that this one did nothing says nothing about that one. */
    val afterUnknown: Boolean = false,
)
