package dev.sesame.testing

import dev.sesame.ApprovalStatus

/**
 * A decision owed to one URL, signed as just now: hand [body] and [headers] to your receiver, once or, as webhooks come at least once, twice.
 *
 * `handlers.dispatch(verifier.verify(webhook.body, webhook.headers))`
 */
public class Webhook internal constructor(
    /** The request's `callback_url`, or a registered endpoint. */
    public val url: String,
    /** Which approval was decided. */
    public val approvalId: String,
    /** How. */
    public val status: ApprovalStatus,
    private val bytes: ByteArray,
    /** `webhook-id`, `webhook-timestamp` and `webhook-signature`; the id is the same each time. */
    public val headers: Map<String, List<String>>,
) {
    /** The bytes that were signed, as the broker sends them. */
    public val body: ByteArray get() = bytes.copyOf()

    /** For logs: never a context. */
    override fun toString(): String = "Webhook($approvalId, $status, to $url)"
}
