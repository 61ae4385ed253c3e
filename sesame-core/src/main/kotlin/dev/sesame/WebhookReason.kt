package dev.sesame

import dev.sesame.internal.Term

/** Why a webhook was refused: for logs and metrics, never for the answer, which would tell a forger what to mend. */
public class WebhookReason private constructor(value: String) : Term(value) {
    /** Whether the sender is who it should be, but what it says can't be used; else it isn't known who sent it. */
    public val isGenuine: Boolean get() = this == BAD_JSON || this == CONTRADICTORY || this == MODE

    /** The reasons. */
    public companion object {
        /** A header of the signature is missing. */
        @JvmField public val MISSING_HEADER: WebhookReason = WebhookReason("missing_header")

        /** A header of the signature is there twice. */
        @JvmField public val REPEATED_HEADER: WebhookReason = WebhookReason("repeated_header")

        /** A header of the signature is not in its form, or too long. */
        @JvmField public val MALFORMED_HEADER: WebhookReason = WebhookReason("malformed_header")

        /** It was sent longer ago than the tolerance: a replay, or a clock that is wrong. */
        @JvmField public val TOO_OLD: WebhookReason = WebhookReason("too_old")

        /** It was sent further in the future than the tolerance: a clock is wrong. */
        @JvmField public val TOO_NEW: WebhookReason = WebhookReason("too_new")

        /** No signature fits the body and a secret: another secret, an altered body, or a forgery. */
        @JvmField public val BAD_SIGNATURE: WebhookReason = WebhookReason("bad_signature")

        /** Genuine, but not UTF-8, no JSON, or not an event of Sesame's. */
        @JvmField public val BAD_JSON: WebhookReason = WebhookReason("bad_json")

        /** Genuine, but it doesn't agree with itself: type and status, or a context and its hash; or it is of a type not known here. */
        @JvmField public val CONTRADICTORY: WebhookReason = WebhookReason("contradictory")

        /** Genuine, but of test mode, which wasn't allowed. */
        @JvmField public val MODE: WebhookReason = WebhookReason("mode")
    }
}
