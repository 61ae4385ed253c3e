package dev.sesame.checks.behaviour;

import java.time.Duration;
import java.util.function.Predicate;

/** What a caller says about a run. */
record How(Duration timeout, boolean afterUnknown, Predicate<Throwable> safeToRetry) {
    static final How PLAIN = new How(null, false, problem -> false);

    How timeout(Duration time) {
        return new How(time, afterUnknown, safeToRetry);
    }

    How evenAfterUnknown() {
        return new How(timeout, true, safeToRetry);
    }

    How safeToRetry(Predicate<Throwable> which) {
        return new How(timeout, afterUnknown, which);
    }
}
