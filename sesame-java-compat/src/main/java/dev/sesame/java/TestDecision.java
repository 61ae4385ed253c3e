package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.Answer;
import java.time.Duration;

/**
 * What answers a request of test mode in place of a person, and when: with a test key ({@code sk_test_…}) alone.
 *
 * <p>Limits are the broker's and are checked there: a delay of 0 to 10 minutes, counted from when the request was opened, and a note to 4,000
 * characters. Where the request expires by then, or is cancelled, it isn't answered.
 */
public final class TestDecision {
    final dev.sesame.TestDecision core;

    private TestDecision(dev.sesame.TestDecision core) {
        this.core = core;
    }

    /** Yes, at once. */
    public static TestDecision approve() {
        return approve(Duration.ZERO);
    }

    /** Yes, so long after the request was opened; less than a millisecond doesn't count. */
    public static TestDecision approve(Duration after) {
        return new TestDecision(new dev.sesame.TestDecision(Answer.APPROVE, after.toMillis(), null));
    }

    /** No, at once. */
    public static TestDecision deny() {
        return deny(Duration.ZERO);
    }

    /** No, so long after the request was opened; less than a millisecond doesn't count. */
    public static TestDecision deny(Duration after) {
        return new TestDecision(new dev.sesame.TestDecision(Answer.DENY, after.toMillis(), null));
    }

    /** The same, with what a person would have written. */
    public TestDecision note(String note) {
        requireNonNull(note, "note");
        return new TestDecision(new dev.sesame.TestDecision(core.getDecide(), core.getAfterMillis(), note));
    }

    /** For logs: never a note. */
    @Override
    public String toString() {
        return core.toString();
    }
}
