package dev.sesame.testing

/** A kind of call that a client makes, for [FakeBroker.fail]. */
public class CallKind private constructor(private val name: String) {
    /** For messages. */
    override fun toString(): String = name

    /** The kinds. */
    public companion object {
        /** Asking: `POST /v1/approvals`. */
        @JvmField public val OPEN: CallKind = CallKind("open")

        /** Reading one approval at once. */
        @JvmField public val READ: CallKind = CallKind("read")

        /** A read that is held until the decision: a long poll. */
        @JvmField public val WAIT: CallKind = CallKind("wait")

        /** Reading several, which a client that waits on the feed does too. */
        @JvmField public val LIST: CallKind = CallKind("list")

        /** Opening the decision feed. */
        @JvmField public val FEED: CallKind = CallKind("feed")

        /** Taking the right to run, and renewing it. */
        @JvmField public val CLAIM: CallKind = CallKind("claim")

        /** Reporting what became of a run. */
        @JvmField public val REPORT: CallKind = CallKind("report")

        /** Taking the question back. */
        @JvmField public val CANCEL: CallKind = CallKind("cancel")

        /** Asking what the policy says. */
        @JvmField public val CHECK: CallKind = CallKind("check")

        /** A person's answer over HTTP. */
        @JvmField public val DECIDE: CallKind = CallKind("decide")

        /** Fetching the receipt of a decision. */
        @JvmField public val RECEIPT: CallKind = CallKind("receipt")

        /** Fetching the keys that sign receipts. */
        @JvmField public val KEYS: CallKind = CallKind("keys")

        /** An admin's erasing of values over HTTP. */
        @JvmField public val REDACT: CallKind = CallKind("redact")

        /** A person's putting off the expiry over HTTP. */
        @JvmField public val EXTEND: CallKind = CallKind("extend")
    }
}
