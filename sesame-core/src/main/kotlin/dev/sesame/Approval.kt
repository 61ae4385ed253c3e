package dev.sesame

import dev.sesame.internal.InstantText
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.ModeText
import dev.sesame.internal.StatusText
import dev.sesame.internal.edits
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * One question to people about one action, as the broker told it: a snapshot that never changes.
 *
 * What an older or simpler broker doesn't send is `null` or empty here. `toString` names id, action and status only.
 */
@Serializable
public class Approval @InternalSesameApi constructor(
    /** `ap_` and 26 characters. */
    @SerialName("approval_id") public val id: String,
    /** Live or test. */
    @Serializable(with = ModeText::class) public val mode: Mode = Mode.LIVE,
    /** The stable key of what will be done, such as `payments.refund`. */
    public val action: String,
    /** The line the human reads. */
    public val summary: String? = null,
    /** Why it is asked. */
    public val reason: String? = null,
    /** Everything needed to decide, as it was asked; see [effectiveContext] for what was approved. */
    public val context: JsonObject? = null,
    /** `sha256:` over the RFC 8785 form of action and context as asked. */
    @SerialName("request_hash") public val requestHash: String? = null,
    /** The same over the effective context: what was approved, and what a claim names. */
    @SerialName("context_hash") public val contextHash: String? = null,
    /** Where the decision is sent as a webhook. */
    @SerialName("callback_url") public val callbackUrl: String? = null,
    /** The requester's own id for the question. */
    @SerialName("dedup_key") public val dedupKey: String? = null,
    /** Where it stands. */
    @Serializable(with = StatusText::class) public val status: ApprovalStatus,
    /** When it was asked. */
    @SerialName("created_at") @Serializable(with = InstantText::class) public val createdAt: Instant? = null,
    /** When silence ends it: never as a yes. */
    @SerialName("expires_at") @Serializable(with = InstantText::class) public val expiresAt: Instant? = null,
    /** When it ended. */
    @SerialName("decided_at") @Serializable(with = InstantText::class) public val decidedAt: Instant? = null,
    /** Until when an approved one may be claimed. */
    @SerialName("valid_until") @Serializable(with = InstantText::class) public val validUntil: Instant? = null,
    /** The name of the requester. */
    @SerialName("requester_label") public val requesterLabel: String? = null,
    /** On whose behalf it was asked. */
    @SerialName("requested_by") public val requestedBy: String? = null,
    /** From 0 to 1, as the requester judged it. */
    @SerialName("risk_score") public val riskScore: Double? = null,
    /** Which context fields an approver may change. */
    public val editable: List<String> = emptyList(),
    /** How many distinct people must approve. */
    @SerialName("approvals_required") public val approvalsRequired: Int = 1,
    /** Which groups may answer; empty where everybody may. */
    public val groups: List<String> = emptyList(),
    /** How many of each group must approve, by its name, nobody counted for two groups. */
    @SerialName("approvals_per_group") public val approvalsPerGroup: Map<String, Int> = emptyMap(),
    /** Who else is asked if nobody decides in time; `null` where nobody is. */
    public val escalation: Escalation? = null,
    /** The answers so far, the latest last; also while it is pending. */
    public val votes: List<Vote> = emptyList(),
    /** The page where people read it. */
    @SerialName("approval_url") public val approvalUrl: String? = null,
    /** The policy rule that applied. */
    public val rule: String? = null,
    /** `required` where the broker hands out the right to run. */
    public val claim: String? = null,
    /** The outcome; `null` while it is pending. */
    public val decision: Decision? = null,
    /** What became of the run; `null` before anyone claimed it. */
    public val execution: Execution? = null,
    /**
     * Where values of the contexts are not told here, as paths such as `customer.iban`: the text `[redacted]` stands in their place. The
     * hashes are over the values themselves. A requester is told everything until it is erased; an approval with such places never runs.
     */
    public val redacted: List<String> = emptyList(),
) {
    /** The context with the approver's edits applied: what was approved, and what must run. */
    public val effectiveContext: JsonObject
        get() = decision?.editedContext ?: context ?: JsonObject(emptyMap())

    /** What the approver changed of the [context] before approving, field by field; empty where it was approved as asked. */
    public val edits: List<Edit>
        get() = decision?.editedContext?.let { edits(context ?: JsonObject(emptyMap()), it) }.orEmpty()

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "Approval($id, $action, $status)"
}
