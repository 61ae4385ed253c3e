package dev.sesame

import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration

/**
 * What is asked of people; limits are the broker's and are checked there (`InvalidRequestException` names the field).
 *
 * `toString` names the action only: the context may hold what doesn't belong in a log.
 */
public class ApprovalRequest(
    /** The stable key of what will be done, 1 to 200 characters, such as `payments.refund`. */
    public val action: String,
    /** The line the human reads, 1 to 500 characters. */
    public val summary: String = "Run $action",
    /** Why, to 4,000 characters. */
    public val reason: String? = null,
    /** Everything needed to decide, which is also the action's parameters: to 64 KiB, 32 levels deep. */
    public val context: JsonObject = JsonObject(emptyMap()),
    /** The caller's own id for the question, to 255 characters: the same call again finds the same approval. Random where `null`. */
    public val dedupKey: String? = null,
    /** How long people may take, 10 s to 30 days; the broker's default is a day. */
    public val expiresIn: Duration? = null,
    /** How long after the approval it may run, 60 s to 30 days; the broker's default is a day. */
    public val validFor: Duration? = null,
    /** On which person's or agent's behalf, to 200 characters. */
    public val requestedBy: String? = null,
    /** From 0 to 1, as the caller judges it. */
    public val riskScore: Double? = null,
    /** Where the decision is sent as a webhook, beside the requester's endpoints: an https address, to 2,048 characters. */
    public val callbackUrl: String? = null,
    /** What answers in place of a person: with a test key only, a broker refuses it from any other. */
    public val test: TestDecision? = null,
    /** Which top-level fields of the [context] an approver may change before approving, to 50. The block gets what was approved. */
    public val editable: List<String> = emptyList(),
    /** How many distinct people must approve in all, 1 to 10; one no ends it. */
    public val approvalsRequired: Int = 1,
    /** Whose members may answer, to 10 groups; where there are none, every approver may. */
    public val groups: List<String> = emptyList(),
    /** How many of each of these groups must approve, 1 to 10 in all; nobody counts for two groups. */
    public val approvalsPerGroup: Map<String, Int> = emptyMap(),
) {
    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "ApprovalRequest($action)"
}
