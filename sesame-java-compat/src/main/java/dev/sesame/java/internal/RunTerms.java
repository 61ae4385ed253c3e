package dev.sesame.java.internal;

import dev.sesame.InvalidRequestException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How long to wait, and what is said about the run; {@code null} as the timeout has no end. */
public record RunTerms(@Nullable Duration timeout, boolean afterUnknown, Predicate<? super Throwable> safeToRetry) {
    public static final RunTerms DEFAULTS = new RunTerms(null, false, problem -> false);

    public RunTerms {
        Objects.requireNonNull(safeToRetry, "safeToRetry");
        if (timeout != null) requireNotNegative(timeout);
    }

    /** {@code timeout}, where it is one. */
    public static Duration requireNotNegative(Duration timeout) {
        if (!timeout.isNegative()) return timeout;
        throw new InvalidRequestException(
                "the timeout is 0 or more, not " + timeout, Map.of("timeout", "is negative"), null);
    }

    public RunTerms withTimeout(Duration timeout) {
        return new RunTerms(Objects.requireNonNull(timeout, "timeout"), afterUnknown, safeToRetry);
    }

    public RunTerms withAfterUnknown() {
        return new RunTerms(timeout, true, safeToRetry);
    }

    public RunTerms withSafeToRetry(Predicate<? super Throwable> safeToRetry) {
        return new RunTerms(timeout, afterUnknown, safeToRetry);
    }

    @Override
    public String toString() {
        return "RunOptions(timeout=" + timeout + ", afterUnknown=" + afterUnknown + ")";
    }
}
