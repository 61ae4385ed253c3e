package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.GateDecision;
import dev.sesame.GatedRun;
import dev.sesame.Sesame;
import dev.sesame.java.internal.ApprovedCode;
import dev.sesame.java.internal.AsyncRun;
import dev.sesame.java.internal.Callbacks;
import dev.sesame.java.internal.PermittedRun;
import dev.sesame.java.internal.RunTerms;
import dev.sesame.java.internal.SharedClient;
import dev.sesame.java.internal.StepFuture;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The approval gate for futures: asks people, waits without holding a thread, and runs the block only if they said yes.
 *
 * <pre>{@code
 * sesame.approve(request, approval -> refunds.pay(approval.contextAs(Refund.class)))
 *         .orTimeout(1, TimeUnit.HOURS)
 *         .thenAccept(receipt -> tell(customer, receipt));
 * }</pre>
 *
 * <p>One client serves a whole process; it is thread-safe. Ending a future early, by {@code cancel}, {@code orTimeout}, {@code
 * completeOnTimeout}, {@code complete} or {@code completeExceptionally}, on it or on any stage derived from it, ends the step and its HTTP
 * exchange; the question stays as it is at the broker (unless {@code cancelOnAbandon} is set). The block never starts after that, and a right
 * to run that was granted meanwhile is given back. Once the block runs, nothing stops it, and its outcome is reported.
 *
 * <p>Blocks, and stages without an executor of their own, run on the client's executor: a virtual thread for each, unless set otherwise;
 * never on the client's own threads. As with every future, a stage that is hung on a future that is done, or that a thread is getting, may
 * run on that caller's thread. A future fails with a {@link dev.sesame.SesameException} that says what to do next, or with what the block threw; stages derived from it, and
 * {@code join} and {@code get}, wrap that as they always do.
 */
public final class AsyncSesame implements AutoCloseable {
    final SharedClient client;

    AsyncSesame(SharedClient client) {
        this.client = client;
    }

    /**
     * A client with the key in {@code SESAME_API_KEY}, for the broker at {@code SESAME_BROKER_URL}; {@link dev.sesame.InvalidRequestException}
     * at once where the key is missing or the address unusable.
     */
    public static AsyncSesame fromEnvironment() {
        return builder().build();
    }

    /** Starts a client with settings of its own. */
    public static SesameBuilder<AsyncSesame> builder() {
        return new SesameBuilder<>(AsyncSesame::new);
    }

    /** This view of a client made elsewhere, such as a test's; closing the view closes that client. */
    public static AsyncSesame of(Sesame sesame) {
        return new AsyncSesame(new SharedClient(requireNonNull(sesame, "sesame"), Callbacks.DEFAULT));
    }

    /** The other view of the same client. */
    public BlockingSesame blocking() {
        return new BlockingSesame(client);
    }

    /**
     * Asks people, and runs {@code block} on a yes, at most once over all processes; the future gives what it returns.
     *
     * <p>When the block starts, the question, the decision and the right to run it are on the broker's disk. It gets the approval with the
     * effective context: use that, not outer variables, which nobody approved. When the future ends, the broker knows what became of the run,
     * or was tried for a few seconds; a report that can't be delivered never turns a success into an exception.
     *
     * <p>With a dedup key in the request, the same call again, after a crash or in another process, finds the same approval: it goes on
     * waiting, runs what was approved, or fails with what stands ({@link dev.sesame.AlreadyExecutedException}, {@link
     * dev.sesame.AlreadyClaimedException}, {@link dev.sesame.ExecutionUnknownException}). On a no it fails with {@link
     * dev.sesame.ApprovalDeniedException}, or {@link dev.sesame.ApprovalExpiredException} where nobody answered in time.
     */
    public <T extends @Nullable Object> CompletableFuture<T> approve(
            ApprovalRequest request, ApprovedBlock<T, ?> block) {
        return approve(request, RunOptions.defaults(), block);
    }

    /** The same, as {@code options} say. */
    public <T extends @Nullable Object> CompletableFuture<T> approve(
            ApprovalRequest request, RunOptions options, ApprovedBlock<T, ?> block) {
        return approve(request, options.terms, Blocks.staged(Blocks.of(block)));
    }

    /** As {@link #approve(ApprovalRequest, ApprovedBlock)}, for a block that returns nothing. */
    public CompletableFuture<@Nullable Void> approveAndRun(ApprovalRequest request, ApprovedAction<?> block) {
        return approveAndRun(request, RunOptions.defaults(), block);
    }

    /** The same, as {@code options} say. */
    public CompletableFuture<@Nullable Void> approveAndRun(
            ApprovalRequest request, RunOptions options, ApprovedAction<?> block) {
        return approve(request, options.terms, Blocks.staged(Blocks.ofAction(block)));
    }

    /**
     * As {@link #approve(ApprovalRequest, ApprovedBlock)}, for a block that is asynchronous itself: it has run once its stage is complete.
     * Ending the future early then cancels that stage; how the stage ends is reported.
     */
    public <T extends @Nullable Object> CompletableFuture<T> approveCompose(
            ApprovalRequest request, ApprovedBlock<? extends CompletionStage<T>, ?> block) {
        return approveCompose(request, RunOptions.defaults(), block);
    }

    /** The same, as {@code options} say. */
    public <T extends @Nullable Object> CompletableFuture<T> approveCompose(
            ApprovalRequest request, RunOptions options, ApprovedBlock<? extends CompletionStage<T>, ?> block) {
        return approve(request, options.terms, Blocks.of(block));
    }

    /**
     * Asks the broker's policy about the request's action and context, creating nothing and asking nobody. What it says now, it need not say
     * later. Of the request, action, context, {@code requestedBy} and {@code riskScore} count. The future fails with a {@link
     * dev.sesame.SesameException} where the policy couldn't be asked: take it for a no.
     */
    public CompletableFuture<GateDecision> checkPolicy(ApprovalRequest request) {
        return step(client.checkPolicy(Requests.of(request)), Function.identity());
    }

    /**
     * Runs {@code block} on the client's executor if the policy permits the request's action without asking anybody, and only then. Else the
     * answer comes back, or is thrown by {@link GatedRun#getOrThrow}. An error, an answer that isn't understood, and a future that was ended
     * early never run it.
     *
     * <p>Unlike {@link #approve} it leaves no trace at the broker, and doesn't keep two calls from running the block both.
     */
    public <T extends @Nullable Object> CompletableFuture<GatedRun<T>> executeIfAllowed(
            ApprovalRequest request, PermittedBlock<T, ?> block) {
        requireNonNull(block, "block");
        return PermittedRun.of(client.executor(), client.permit(Requests.of(request)), block);
    }

    /**
     * Asks; the future ends with the question on the broker's disk, and not to wait on its result is to fire and forget. With a callback URL
     * the decision comes there by webhook, and {@link DecisionHandlers} run what it allows, in whatever process.
     */
    public CompletableFuture<AsyncPendingApproval> trigger(ApprovalRequest request) {
        return step(client.trigger(Requests.of(request)), this::pending);
    }

    /** What was asked before, here or elsewhere; {@link dev.sesame.ApprovalNotFoundException} where this key has no such approval. */
    public CompletableFuture<AsyncPendingApproval> attach(String id) {
        return step(client.attach(id), this::pending);
    }

    /** Completes with the signed proof of a decision; see {@link BlockingSesame#receipt}. */
    public CompletableFuture<String> receipt(String id) {
        return step(client.receipt(id), receipt -> receipt);
    }

    /** How an approval stands; empty where this key has no such approval. */
    public CompletableFuture<Optional<Approval>> find(String id) {
        return step(client.find(id), found -> found.map(Approval::new));
    }

    /** Takes a question back; {@link dev.sesame.AlreadyDecidedException} where people were faster. Again: the same answer. */
    public CompletableFuture<Approval> cancel(String id) {
        return step(client.cancel(id), Approval::new);
    }

    /** The first page of all approvals of this key, newest first. */
    public CompletableFuture<ApprovalPage> list() {
        return list(ApprovalFilter.all());
    }

    /** The first page, of up to 100, of this key's approvals, newest first. */
    public CompletableFuture<ApprovalPage> list(ApprovalFilter filter) {
        return ApprovalPage.first(client.executor(), cursor -> client.page(filter.status, filter.action, cursor));
    }

    /**
     * {@code implementation} behind gates: a call of a method with {@link RequireApproval} asks people first, and runs with the arguments
     * that they approved. Methods that return no future park the caller's thread.
     *
     * @throws dev.sesame.InvalidRequestException the interface can't be gated as it is annotated; it says which method, and why.
     */
    public <I> I gate(Class<I> type, I implementation) {
        return Gates.gate(client, type, implementation);
    }

    /**
     * Ends every wait with {@link dev.sesame.SesameClosedException}, also those of other views of the same client. A block that is running
     * goes on, but can't report any more. A client that nobody closes keeps no JVM alive.
     */
    @Override
    public void close() {
        client.close();
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return "Async" + client;
    }

    private AsyncPendingApproval pending(dev.sesame.PendingApproval pending) {
        return new AsyncPendingApproval(client, pending);
    }

    private <S extends @Nullable Object, T> CompletableFuture<T> step(CompletableFuture<S> step, Function<S, T> view) {
        return StepFuture.of(client.executor(), step, view);
    }

    private <T extends @Nullable Object> CompletableFuture<T> approve(
            ApprovalRequest request, RunTerms terms, ApprovedCode<? extends CompletionStage<T>, ?> code) {
        return AsyncRun.of(client.executor(), client.claim(Requests.of(request), terms), terms, code);
    }
}
