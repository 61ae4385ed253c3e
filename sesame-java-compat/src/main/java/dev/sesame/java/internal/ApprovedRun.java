package dev.sesame.java.internal;

import org.jspecify.annotations.Nullable;

/** What a gate runs once there is a yes: one call, at most once. */
public interface ApprovedRun<R extends @Nullable Object> {
    /**
     * Runs with {@code effectiveContext}, the JSON that was approved. What the implementation throws passes unchanged; a context that
     * doesn't fit is a {@link dev.sesame.ProtocolException}.
     */
    R run(String approvalId, String effectiveContext) throws Exception;

    /** Whether nothing was done yet when it failed: the implementation wasn't called. */
    boolean didNothing();
}
