package dev.sesame.java.internal;

import dev.sesame.java.ApprovalRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How a gate asks without holding a thread. */
@FunctionalInterface
public interface AsyncGate {
    /**
     * Asks, and runs {@code run} on a yes; completes as the stage that it returns does. It has run once that stage is complete, not
     * before. Never throws: what fails, fails the future.
     */
    CompletableFuture<@Nullable Object> approve(
            ApprovalRequest request, ApprovedRun<CompletionStage<@Nullable Object>> run);
}
