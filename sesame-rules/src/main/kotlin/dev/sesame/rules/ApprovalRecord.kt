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

    /** Whether nobody has to look any more: it was never given to run, or it is known what became of the run. */
    public val isSettled: Boolean get() = progress.execution?.state in setOf(null, ExecutionState.SUCCEEDED, ExecutionState.FAILED)
}

/** What was asked: set once, never changed, but for its expiry, which people may put off, and values that are erased when it is over. */
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
    /** How many approvals the caller asked for, where the policy wants more: the same call again is known by it. */
    val approvalsAsked: Int? = null,
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

    /** Whether [other] asks the same under one dedup key (`protocol.md`: "Same key again"). */
    public fun asksTheSameAs(other: Question): Boolean = requestHash == other.requestHash &&
        editable.toSet() == other.editable.toSet() &&
        (approvalsAsked ?: approvalsRequired) == (other.approvalsAsked ?: other.approvalsRequired) &&
        groups.toSet() == other.groups.toSet() &&
        approvalsPerGroup == other.approvalsPerGroup
}

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
)
