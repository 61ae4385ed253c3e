package dev.sesame

import dev.sesame.internal.AnswerText
import dev.sesame.internal.InternalSesameApi
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/**
 * What answers a request of test mode in place of a person, and when: with a test key (`sk_test_…`) alone.
 *
 * Limits are the broker's and are checked there: a delay of 0 to 10 minutes, counted from when the request was opened, and a note to 4,000
 * characters. Where the request expires by then, or is cancelled, it isn't answered.
 */
@Serializable
public class TestDecision @InternalSesameApi constructor(
    /** The answer. */
    @Serializable(with = AnswerText::class) public val decide: Answer,
    /** How long after the request was opened, in milliseconds. */
    @SerialName("after_ms") public val afterMillis: Long = 0,
    /** What a person would have written with it. */
    public val note: String? = null,
) {
    /** For logs: never a note. */
    override fun toString(): String = "TestDecision($decide after $afterMillis ms)"

    /** The answers. */
    public companion object {
        /** Yes, [after] the request was opened; less than a millisecond doesn't count. */
        public fun approve(after: Duration = Duration.ZERO, note: String? = null): TestDecision =
            TestDecision(Answer.APPROVE, after.inWholeMilliseconds, note)

        /** No, [after] the request was opened; less than a millisecond doesn't count. */
        public fun deny(after: Duration = Duration.ZERO, note: String? = null): TestDecision =
            TestDecision(Answer.DENY, after.inWholeMilliseconds, note)

        /** As the other `approve`, for callers in Java. */
        @JvmStatic
        @JvmOverloads
        public fun approve(after: java.time.Duration, note: String? = null): TestDecision = approve(after.toKotlinDuration(), note)

        /** As the other `deny`, for callers in Java. */
        @JvmStatic
        @JvmOverloads
        public fun deny(after: java.time.Duration, note: String? = null): TestDecision = deny(after.toKotlinDuration(), note)
    }
}
