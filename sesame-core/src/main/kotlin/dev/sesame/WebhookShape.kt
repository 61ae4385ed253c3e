package dev.sesame

import dev.sesame.internal.SignedText

/**
 * Where a sender of webhooks puts what, and what it signs with HMAC-SHA256. [STANDARD] is that of Standard Webhooks, which Sesame's broker
 * uses; others of the field are a matter of arguments:
 *
 * - `WebhookShape("X-Hub-Signature-256", prefix = "sha256=")`: the hex of the body alone;
 * - `WebhookShape("Stripe-Signature", prefix = "v1=", signed = "{timestamp}.{body}", separator = ",", timestampHeader = "Stripe-Signature",
 *   timestampPrefix = "t=")`: several signatures and the time in one header;
 * - `WebhookShape("X-Webhook-Signature", WebhookEncoding.BASE64, signed = "{timestamp}:{body}", timestampHeader = "X-Webhook-Timestamp")`.
 *
 * A shape without a timestamp can't tell a replay from a first delivery: then the receiver has to.
 */
public class WebhookShape @JvmOverloads constructor(
    /** The header that holds the signature, or several. */
    public val signatureHeader: String,
    /** How the signature is written. */
    public val encoding: WebhookEncoding = WebhookEncoding.HEX,
    /** What stands before each signature, such as `v1,` or `sha256=`; what doesn't start with it is no signature. */
    public val prefix: String = "",
    /** What is signed: ASCII text with `{body}` and, where they have a header, `{id}` and `{timestamp}`. */
    public val signed: String = SignedText.BODY,
    /** What stands between several signatures; `null` where there is only one. */
    public val separator: String? = null,
    /** The header that holds the Unix time in seconds; may be [signatureHeader]. `null` where no time is told. */
    public val timestampHeader: String? = null,
    /** What stands before the time, such as `t=`. */
    public val timestampPrefix: String = "",
    /** The header that holds the id of the message; `null` where it has none. */
    public val idHeader: String? = null,
) {
    internal val text = SignedText(signed)

    /** Whether the time is one of the items in [signatureHeader]. */
    internal val isTimeAmongSignatures: Boolean = timestampHeader.equals(signatureHeader, ignoreCase = true)

    init {
        for ((field, name) in mapOf("signatureHeader" to signatureHeader, "timestampHeader" to timestampHeader, "idHeader" to idHeader)) {
            if (name != null && !headerName.matches(name)) throw bad(field, "is no header's name")
        }
        if (!signed.all { it in ' '..'~' }) throw bad("signed", "is ASCII")
        if (!text.hasOneBody) throw bad("signed", "holds {body} once")
        if (text.hasTimestamp != (timestampHeader != null)) throw bad("timestampHeader", "is set if {timestamp} is signed, and only then")
        if (text.hasId && idHeader == null) throw bad("idHeader", "is set where {id} is signed")
        if (separator?.isEmpty() == true) throw bad("separator", "is not empty")
        if (isTimeAmongSignatures && (separator == null || timestampPrefix.isEmpty())) {
            throw bad("timestampPrefix", "and a separator are set where one header holds time and signature")
        }
    }

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "WebhookShape($signatureHeader: $prefix$encoding of $signed)"

    /** The shape that Sesame's broker uses. */
    public companion object {
        private val headerName = Regex("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")

        /** Standard Webhooks 1.0: `v1,` and the base64 over `id.timestamp.body`. */
        @JvmField
        public val STANDARD: WebhookShape = WebhookShape(
            "webhook-signature",
            WebhookEncoding.BASE64,
            prefix = "v1,",
            signed = "{id}.{timestamp}.{body}",
            separator = " ",
            timestampHeader = "webhook-timestamp",
            idHeader = "webhook-id",
        )

        private fun bad(field: String, rule: String) =
            InvalidRequestException("$field of a webhook's shape: it $rule", mapOf(field to rule))
    }
}
