package dev.sesame.java;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How to answer a webhook: with this status, and no body, which could tell a forger what to mend. */
public final class WebhookAnswer {
    private final int status;
    private final String outcome;
    private final @Nullable Duration retryAfter;

    WebhookAnswer(int status, String outcome) {
        this(status, outcome, null);
    }

    WebhookAnswer(int status, String outcome, @Nullable Duration retryAfter) {
        this.status = status;
        this.outcome = outcome;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /**
     * One word, fit for a metric's label: {@code handled}, {@code repeated}, {@code under_way}, {@code failed}; {@code too_large}, {@code
     * content_type}; or why it isn't trusted, as the values of {@link dev.sesame.WebhookReason}.
     */
    public String outcome() {
        return outcome;
    }

    /** When the broker should send it again, in whole seconds for the header {@code Retry-After}, where there is something to wait for. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** For logs. */
    @Override
    public String toString() {
        return status + " " + outcome;
    }
}
