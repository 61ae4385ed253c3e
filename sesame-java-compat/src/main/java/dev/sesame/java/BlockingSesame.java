package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.GateDecision;
import dev.sesame.GatedRun;
import dev.sesame.Sesame;
import dev.sesame.internal.JavaValues;
import dev.sesame.java.internal.ApprovedCode;
import dev.sesame.java.internal.Callbacks;
import dev.sesame.java.internal.Caller;
import dev.sesame.java.internal.RunTerms;
import dev.sesame.java.internal.SharedClient;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The approval gate for threads, virtual ones above all: asks people, parks the calling thread until they answered, and runs the block on it
 * only if they said yes.
 *
 * <pre>{@code
 * try (BlockingSesame sesame = BlockingSesame.fromEnvironment()) {
 *     Receipt receipt = sesame.approve(request, approval -> refunds.pay(approval.contextAs(Refund.class)));
 * }
 * }</pre>
 *
 * <p>One client serves a whole process; it is thread-safe. A wait holds no monitor, so that a virtual thread leaves its carrier, and the block
 * runs on the caller's own thread, with its thread locals, transaction and locks.
 *
 * <p>Any thread may wait, also one of a coroutine dispatcher or of the common pool, and all of them at once: an answer needs none of these. That
 * a broker can't be reached is noticed late where waits hold all of the common pool, after 10 seconds.
 *
 * <p>An interrupt ends a call and its HTTP exchange with {@link InterruptedException}: nothing ran, and the question stays as it is at the
 * broker. A thread that is interrupted already asks nothing. Once the block has started, an interrupt is the block's matter, and its outcome
 * is reported all the same. What the client throws is a {@link dev.sesame.SesameException}, never wrapped, and says what to do next.
 */
public final class BlockingSesame implements AutoCloseable {
    final SharedClient client;

    BlockingSesame(SharedClient client) {
        this.client = client;
    }

    /**
     * A client with the key in {@code SESAME_API_KEY}, for the broker at {@code SESAME_BROKER_URL}; {@link dev.sesame.InvalidRequestException}
     * at once where the key is missing or the address unusable.
     */
    public static BlockingSesame fromEnvironment() {
        return builder().build();
    }

    /** Starts a client with settings of its own. */
    public static SesameBuilder<BlockingSesame> builder() {
        return new SesameBuilder<>(BlockingSesame::new);
    }

    /** This view of a client made elsewhere, such as a test's; closing the view closes that client. */
    public static BlockingSesame of(Sesame sesame) {
        return new BlockingSesame(new SharedClient(requireNonNull(sesame, "sesame"), Callbacks.DEFAULT));
    }

    /** The other view of the same client. */
    public AsyncSesame async() {
        return new AsyncSesame(client);
    }

    /**
     * Asks people, waits for their answer, and runs {@code block} on a yes, at most once over all processes; returns what it returns.
     *
     * <p>When the block starts, the question, the decision and the right to run it are on the broker's disk. It gets the approval with the
     * effective context: use that, not outer variables, which nobody approved. When this returns or throws, the broker knows what became of
     * the run, or was tried for a few seconds; a report that can't be delivered never turns a success into an exception.
     *
     * <p>With a dedup key in the request, the same call again, after a crash or in another process, finds the same approval: it goes on
     * waiting, runs what was approved, or throws what stands ({@link dev.sesame.AlreadyExecutedException}, {@link
     * dev.sesame.AlreadyClaimedException}, {@link dev.sesame.ExecutionUnknownException}).
     *
     * @throws dev.sesame.ApprovalDeniedException somebody said no, or ({@link dev.sesame.ApprovalExpiredException}) nobody answered in time.
     * @throws dev.sesame.SesameException any other failure before the block.
     * @throws InterruptedException the thread was interrupted before the block started: it won't. A right to run that was granted meanwhile
     *     is given back.
     * @throws E what the block throws, unchanged; the outcome is then unknown.
     */
    public <T extends @Nullable Object, E extends Exception> T approve(
            ApprovalRequest request, ApprovedBlock<T, E> block) throws InterruptedException, E {
        return approve(request, RunOptions.defaults(), block);
    }

    /** The same, as {@code options} say. */
    public <T extends @Nullable Object, E extends Exception> T approve(
            ApprovalRequest request, RunOptions options, ApprovedBlock<T, E> block) throws InterruptedException, E {
        return approve(request, options.terms, Blocks.of(block));
    }

    /** As {@link #approve(ApprovalRequest, ApprovedBlock)}, for a block that returns nothing. */
    public <E extends Exception> void approveAndRun(ApprovalRequest request, ApprovedAction<E> block)
            throws InterruptedException, E {
        approveAndRun(request, RunOptions.defaults(), block);
    }

    /** The same, as {@code options} say. */
    public <E extends Exception> void approveAndRun(
            ApprovalRequest request, RunOptions options, ApprovedAction<E> block) throws InterruptedException, E {
        approve(request, options.terms, Blocks.ofAction(block));
    }

    /**
     * Asks the broker's policy about the request's action and context, creating nothing and asking nobody. What it says now, it need not say
     * later. Of the request, action, context, {@code requestedBy} and {@code riskScore} count.
     *
     * @throws dev.sesame.SesameException the policy couldn't be asked: take it for a no.
     */
    public GateDecision checkPolicy(ApprovalRequest request) throws InterruptedException {
        return Caller.await(() -> client.checkPolicy(Requests.of(request)));
    }

    /**
     * Runs {@code block} on this thread if the policy permits the request's action without asking anybody, and only then. Else the answer
     * comes back, or is thrown by {@link GatedRun#getOrThrow}. An error or an answer that isn't understood never runs it.
     *
     * <p>Unlike {@link #approve} it leaves no trace at the broker, and doesn't keep two calls from running the block both.
     *
     * @throws dev.sesame.SesameException the policy couldn't be asked; nothing ran.
     * @throws InterruptedException the thread was interrupted before the block started: it won't.
     * @throws E what the block throws, unchanged.
     */
    public <T extends @Nullable Object, E extends Exception> GatedRun<T> executeIfAllowed(
            ApprovalRequest request, PermittedBlock<T, E> block) throws InterruptedException, E {
        requireNonNull(block, "block");
        GateDecision decision = Caller.await(() -> client.permit(Requests.of(request)));
        if (!decision.isExecute()) return JavaValues.notRun(decision);
        if (Thread.interrupted()) throw new InterruptedException();
        return JavaValues.ran(decision, block.run());
    }

    /**
     * Asks and returns at once, with the question on the broker's disk; not to wait on the result is to fire and forget. With a callback URL
     * the decision comes there by webhook, and {@link DecisionHandlers} run what it allows, in whatever process.
     */
    public PendingApproval trigger(ApprovalRequest request) throws InterruptedException {
        return new PendingApproval(client, Caller.await(() -> client.trigger(Requests.of(request))));
    }

    /** What was asked before, here or elsewhere; {@link dev.sesame.ApprovalNotFoundException} where this key has no such approval. */
    public PendingApproval attach(String id) throws InterruptedException {
        return new PendingApproval(client, Caller.await(() -> client.attach(id)));
    }

    /**
     * Returns the signed proof of a decision, to keep beside what was done: {@link dev.sesame.ReceiptVerifier} checks it later without any
     * broker. The same decision gives the same receipt each time. {@link dev.sesame.ApprovalNotFoundException} where there is none.
     */
    public String receipt(String id) throws InterruptedException {
        return Caller.await(() -> client.receipt(id));
    }

    /** How an approval stands; empty where this key has no such approval. */
    public Optional<Approval> find(String id) throws InterruptedException {
        return Caller.await(() -> client.find(id)).map(Approval::new);
    }

    /** Takes a question back; {@link dev.sesame.AlreadyDecidedException} where people were faster. Again: the same answer. */
    public Approval cancel(String id) throws InterruptedException {
        return new Approval(Caller.await(() -> client.cancel(id)));
    }

    /** All approvals of this key, as {@link #list(ApprovalFilter)} gives them. */
    public Stream<Approval> list() {
        return list(ApprovalFilter.all());
    }

    /**
     * This key's approvals, newest first, fetched page by page as the stream is read; nothing is open between the pages. An interrupt ends
     * the stream with {@link java.util.concurrent.CancellationException}, and the thread stays interrupted.
     */
    public Stream<Approval> list(ApprovalFilter filter) {
        return PagedStream.of(cursor -> client.page(filter.status, filter.action, cursor));
    }

    /**
     * {@code implementation} behind gates: a call of a method with {@link RequireApproval} asks people first, and runs with the arguments
     * that they approved. Methods that return a future don't hold the caller's thread.
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
        return "Blocking" + client;
    }

    private <T extends @Nullable Object, E extends Exception> T approve(
            ApprovalRequest request, RunTerms terms, ApprovedCode<T, E> code) throws InterruptedException, E {
        return Caller.run(Caller.claim(() -> client.claim(Requests.of(request), terms)), terms.safeToRetry(), code);
    }
}
