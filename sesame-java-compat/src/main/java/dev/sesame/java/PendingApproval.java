package dev.sesame.java;

import dev.sesame.java.internal.Caller;
import dev.sesame.java.internal.RunTerms;
import dev.sesame.java.internal.SharedClient;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question that was asked: a handle that survives a restart by its {@link #id()} ({@link BlockingSesame#attach}).
 *
 * <p>An interrupt ends a wait with {@link InterruptedException}, and the question stays open.
 */
public final class PendingApproval {
    private final SharedClient client;
    private final dev.sesame.PendingApproval pending;

    PendingApproval(SharedClient client, dev.sesame.PendingApproval pending) {
        this.client = client;
        this.pending = pending;
    }

    /** What to attach to later. */
    public String id() {
        return pending.getId();
    }

    /** The page where people read it, where the broker has one. */
    public Optional<String> approvalUrl() {
        return Optional.ofNullable(pending.getApprovalUrl());
    }

    /** As it stood when this handle was made; maybe decided already. */
    public Approval approval() {
        return new Approval(pending.getApproval());
    }

    /** Returns the approval once it ended, in whichever way: look at its status. */
    public Approval await() throws InterruptedException {
        return new Approval(Caller.await(() -> client.await(pending, null)));
    }

    /** The same; {@link dev.sesame.ApprovalTimeoutException} where there is no decision within {@code timeout}, and the question stays open. */
    public Approval await(Duration timeout) throws InterruptedException {
        RunTerms.requireNotNegative(timeout);
        return new Approval(Caller.await(() -> client.await(pending, timeout)));
    }

    /** Returns the approval as it stands now: maybe pending. */
    public Approval poll() throws InterruptedException {
        return poll(Duration.ZERO);
    }

    /** Returns the approval as it stands after at most {@code timeout}: maybe pending, never a timeout exception. */
    public Approval poll(Duration timeout) throws InterruptedException {
        RunTerms.requireNotNegative(timeout);
        return new Approval(Caller.await(() -> client.poll(pending, timeout)));
    }

    /** Waits, then claims and runs {@code block} on a yes, as {@link BlockingSesame#approve(ApprovalRequest, ApprovedBlock)} does. */
    public <T extends @Nullable Object, E extends Exception> T run(ApprovedBlock<T, E> block)
            throws InterruptedException, E {
        return run(RunOptions.defaults(), block);
    }

    /** The same, as {@code options} say. */
    public <T extends @Nullable Object, E extends Exception> T run(RunOptions options, ApprovedBlock<T, E> block)
            throws InterruptedException, E {
        var code = Blocks.of(block);
        return Caller.run(Caller.claim(() -> client.claim(pending, options.terms)), options.terms.safeToRetry(), code);
    }

    /** Takes the question back; {@link dev.sesame.AlreadyDecidedException} where people were faster. Again: the same answer. */
    public Approval cancel() throws InterruptedException {
        return new Approval(Caller.await(() -> client.cancel(id())));
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return pending.toString();
    }
}
