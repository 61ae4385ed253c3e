package dev.sesame

import dev.sesame.internal.InstantText
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.ModeText
import dev.sesame.internal.StatusText
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import java.time.Instant

/**
 * What a broker signed about a decision: enough to prove later, without the broker, who approved exactly what and when. It names the context by
 * its hash and holds none of it. A receipt proves; it doesn't permit: only a claim gives the right to run, and only once.
 */
@Serializable
public class Receipt @InternalSesameApi constructor(
    /** The broker that signed it: a name that it keeps when its address changes. */
    @SerialName("iss") public val issuer: String,
    /** The approval. */
    @SerialName("approval_id") public val approvalId: String,
    /** Whether people decided, or a test. */
    @Serializable(with = ModeText::class) public val mode: Mode,
    /** What was asked for. */
    public val action: String,
    /** Who asked. */
    @SerialName("requester_label") public val requesterLabel: String,
    /** How it ended. */
    @Serializable(with = StatusText::class) public val status: ApprovalStatus,
    /** The hash of what was asked: RFC 8785 over `{"action", "context"}`. */
    @SerialName("request_hash") public val requestHash: String,
    /** The hash of what was decided on; another than [requestHash] where an approver changed it. */
    @SerialName("context_hash") public val contextHash: String,
    /** All votes that counted. */
    public val votes: List<Vote>,
    /** By which channel it was decided: `inbox`, `telegram`, `push`, `api`, `cli`, `policy`, `test`; `null` where time or the requester ended it. */
    public val via: String? = null,
    /** The policy's rule that it fell under. */
    public val rule: String? = null,
    /** When it was asked. */
    @SerialName("created_at") @Serializable(with = InstantText::class) public val createdAt: Instant,
    /** When it was decided. */
    @SerialName("decided_at") @Serializable(with = InstantText::class) public val decidedAt: Instant,
    /** Until when an approval could be claimed. */
    @SerialName("valid_until") @Serializable(with = InstantText::class) public val validUntil: Instant? = null,
    /** Where the decision stands in the broker's audit. */
    public val log: ReceiptLog,
) {
    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "Receipt($approvalId, $action, $status)"
}

/** A place in a broker's audit: whatever was there then can't be changed or cut off without this telling. */
@Serializable
public class ReceiptLog @InternalSesameApi constructor(
    /** The number of the decision's entry. */
    public val index: Long,
    /** The hash of that entry, and so of all before it. */
    public val head: String,
) {
    /** For logs. */
    override fun toString(): String = "$index $head"
}
