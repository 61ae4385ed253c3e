package dev.sesame.java;

import dev.sesame.java.internal.RunTerms;
import java.time.Duration;
import java.util.function.Predicate;

/** What a caller says about a wait and a run, beside what is asked. Immutable: each method gives new options. */
public final class RunOptions {
    private static final RunOptions DEFAULTS = new RunOptions(RunTerms.DEFAULTS);
    final RunTerms terms;

    private RunOptions(RunTerms terms) {
        this.terms = terms;
    }

    /** No timeout but the question's own expiry; never after an unknown outcome; no exception means that the block did nothing. */
    public static RunOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How long asking, waiting and claiming may take together, never the block: then {@link dev.sesame.ApprovalTimeoutException}, and the
     * question stays open. Zero or more, or else {@link dev.sesame.InvalidRequestException}.
     */
    public RunOptions timeout(Duration timeout) {
        return new RunOptions(terms.withTimeout(timeout));
    }

    /** Runs it although an earlier run ended without a word: only after somebody looked whether it happened. */
    public RunOptions afterUnknown() {
        return new RunOptions(terms.withAfterUnknown());
    }

    /** Which exceptions of the block mean that it did nothing, so that it may be run again; after any other the outcome is unknown. */
    public RunOptions safeToRetry(Predicate<? super Throwable> safeToRetry) {
        return new RunOptions(terms.withSafeToRetry(safeToRetry));
    }

    /** For logs. */
    @Override
    public String toString() {
        return terms.toString();
    }
}
