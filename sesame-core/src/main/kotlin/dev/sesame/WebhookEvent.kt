package dev.sesame

import dev.sesame.internal.EventBody
import dev.sesame.internal.edits
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * A decision as the broker told it by webhook. It may come more than once and in any order: it says that something was decided, and `dispatch`
 * of [DecisionHandlers] asks the broker for the right to run it.
 *
 * `toString` names id, action and status only.
 */
public class WebhookEvent internal constructor(private val body: EventBody, private val stamp: WebhookStamp?) {
    /** `approval.` and the status. */
    public val type: String get() = body.type

    /** What to `attach` to. */
    public val approvalId: String get() = body.approvalId

    /** The stable key of what was decided on. */
    public val action: String get() = body.action

    /** How it ended: approved, denied, expired or cancelled. */
    public val status: ApprovalStatus get() = body.status

    /** When it ended. */
    public val decidedAt: Instant? get() = body.decidedAt

    /** The name of the requester. */
    public val requesterLabel: String? get() = body.requesterLabel

    /** The requester's own id for the question. */
    public val dedupKey: String? get() = body.dedupKey

    /** Live or test. */
    public val mode: Mode get() = body.mode

    /** Who decided; absent where nobody did, as on expiry. */
    public val decidedBy: Person? get() = body.decidedBy

    /** What the deciding person wrote. */
    public val note: String? get() = body.note

    /** The context as it was asked; see [effectiveContext] for what was approved. */
    public val context: JsonObject? get() = body.context

    /** The context with the approver's edits applied: what was approved, and what must run. As a class: `contextAs`. */
    public val effectiveContext: JsonObject get() = body.effectiveContext ?: body.context ?: JsonObject(emptyMap())

    /** Whether an approver changed the context. */
    public val edited: Boolean get() = body.edited

    /** What the approver changed, field by field; empty where nothing was, and where the webhook leaves the original out. */
    public val edits: List<Edit> get() = context?.let { edits(it, effectiveContext) }.orEmpty()

    /** `sha256:` over action and context as asked. */
    public val requestHash: String? get() = body.requestHash

    /** The same over the effective context. */
    public val contextHash: String? get() = body.contextHash

    /** The signed record of the decision, where the broker makes one. */
    public val receipt: String? get() = body.receipt

    /**
     * Where values are left out by a rule, as paths such as `customer.iban`: in [context] and [effectiveContext] the text `[redacted]` stands
     * in their place. Empty in what [DecisionHandlers] run: they read the whole from the broker.
     */
    public val redacted: List<String> get() = body.redacted

    /** The delivery's id, the same over all attempts; `null` in an unverified event. */
    public val webhookId: String? get() = stamp?.id

    /** When this attempt was sent; `null` in an unverified event. */
    public val sentAt: Instant? get() = stamp?.sentAt

    /** Whether its signature was checked: only then it may be dispatched. */
    public val isVerified: Boolean get() = stamp != null

    internal fun effectiveHash(): String = body.effectiveHash()

    internal fun whole(context: JsonObject, effective: JsonObject) = WebhookEvent(body.whole(context, effective), stamp)

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "WebhookEvent($approvalId, $action, $status)"

    /** Reading without verifying, for tools that look at what was stored. */
    public companion object {
        /** What [body] says, whoever wrote it: anybody could have. Never act on it; to receive webhooks, take [WebhookVerifier]. */
        @JvmStatic
        public fun parseUnverified(body: ByteArray): WebhookEvent = WebhookEvent(EventBody.parse(body), stamp = null)
    }
}
