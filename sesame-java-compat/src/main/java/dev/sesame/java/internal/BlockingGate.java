package dev.sesame.java.internal;

import dev.sesame.java.ApprovalRequest;
import org.jspecify.annotations.Nullable;

/** How a gate asks on the caller's thread. */
@FunctionalInterface
public interface BlockingGate {
    /**
     * Asks, waits, and runs {@code run} on a yes, on the caller's thread; returns what it returns, and throws unchanged what it throws.
     * {@link InterruptedException} where the thread was interrupted meanwhile.
     */
    @Nullable
    Object approve(ApprovalRequest request, ApprovedRun<@Nullable Object> run) throws Exception;
}
