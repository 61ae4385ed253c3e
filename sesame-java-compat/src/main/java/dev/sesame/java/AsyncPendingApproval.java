package dev.sesame.java;

import dev.sesame.java.internal.AsyncRun;
import dev.sesame.java.internal.RunTerms;
import dev.sesame.java.internal.SharedClient;
import dev.sesame.java.internal.StepFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A question that was asked: a handle that survives a restart by its {@link #id()} ({@link AsyncSesame#attach}).
 *
 * <p>Ending a future early ends its wait, and the question stays open; {@link #cancel()} alone takes it back.
 */
public final class AsyncPendingApproval {
    private final SharedClient client;
    private final dev.sesame.PendingApproval pending;

    AsyncPendingApproval(SharedClient client, dev.sesame.PendingApproval pending) {
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

    /** Gives the approval once it ended, in whichever way: look at its status. */
    public CompletableFuture<Approval> await() {
        return approval(client.await(pending, null));
    }

    /** The same; {@link dev.sesame.ApprovalTimeoutException} where there is no decision within {@code timeout}, and the question stays open. */
    public CompletableFuture<Approval> await(Duration timeout) {
        return approval(client.await(pending, RunTerms.requireNotNegative(timeout)));
    }

    /** Gives the approval as it stands now: maybe pending. */
    public CompletableFuture<Approval> poll() {
        return poll(Duration.ZERO);
    }

    /** Gives the approval as it stands after at most {@code timeout}: maybe pending, never a timeout exception. */
    public CompletableFuture<Approval> poll(Duration timeout) {
        return approval(client.poll(pending, RunTerms.requireNotNegative(timeout)));
    }

    /** Waits, then claims and runs {@code block} on a yes, as {@link AsyncSesame#approve(ApprovalRequest, ApprovedBlock)} does. */
    public <T extends @Nullable Object> CompletableFuture<T> run(ApprovedBlock<T, ?> block) {
        return run(RunOptions.defaults(), block);
    }

    /** The same, as {@code options} say. */
    public <T extends @Nullable Object> CompletableFuture<T> run(RunOptions options, ApprovedBlock<T, ?> block) {
        var code = Blocks.staged(Blocks.of(block));
        return AsyncRun.of(client.executor(), client.claim(pending, options.terms), options.terms, code);
    }

    /** The same for a block that is asynchronous itself, as {@link AsyncSesame#approveCompose(ApprovalRequest, ApprovedBlock)}. */
    public <T extends @Nullable Object> CompletableFuture<T> runCompose(
            RunOptions options, ApprovedBlock<? extends CompletionStage<T>, ?> block) {
        var code = Blocks.of(block);
        return AsyncRun.of(client.executor(), client.claim(pending, options.terms), options.terms, code);
    }

    /** Takes the question back; {@link dev.sesame.AlreadyDecidedException} where people were faster. Again: the same answer. */
    public CompletableFuture<Approval> cancel() {
        return approval(client.cancel(id()));
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return pending.toString();
    }

    private CompletableFuture<Approval> approval(CompletableFuture<dev.sesame.Approval> step) {
        return StepFuture.of(client.executor(), step, Approval::new);
    }
}
