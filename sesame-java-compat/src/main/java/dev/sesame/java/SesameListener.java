package dev.sesame.java;

import dev.sesame.ExecutionState;
import java.time.Duration;

/**
 * Hears what a client does, for logs and metrics.
 *
 * <p>It is called on the client's own threads, which all waits share: be quick, and hand on what takes longer. What it throws is logged and
 * changes nothing.
 */
public interface SesameListener {
    /** {@code approval} was asked, or found to be asked already. */
    default void requested(Approval approval) {}

    /** A wait learned that {@code approval} ended. */
    default void decided(Approval approval) {}

    /** A call is tried again after {@code delay}, because of {@code reason}. */
    default void retried(String reason, Duration delay) {}

    /** What became of the run of {@code approval} could not be told to the broker; it will show there as unknown. */
    default void unreported(Approval approval, ExecutionState outcome) {}
}
