package dev.sesame.java.internal;

import dev.sesame.Approval;
import dev.sesame.ApprovalRequest;
import dev.sesame.ApprovalStatus;
import dev.sesame.GateDecision;
import dev.sesame.PendingApproval;
import dev.sesame.Sesame;
import dev.sesame.WebhookEvent;
import dev.sesame.internal.JavaBridge;
import dev.sesame.internal.JavaPage;
import dev.sesame.internal.JavaRun;
import dev.sesame.internal.JavaTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The one client behind both views, and its steps: each is a future that ends its step when it is completed early. */
public final class SharedClient implements AutoCloseable {
    private final Sesame sesame;
    private final JavaBridge bridge;
    private final Executor executor;

    /** {@code executor} runs what no thread waits for. */
    public SharedClient(Sesame sesame, Executor executor) {
        this.sesame = sesame;
        this.executor = executor;
        bridge = new JavaBridge(sesame);
    }

    /** What runs callers' blocks and callbacks where no thread waits. */
    public Executor executor() {
        return executor;
    }

    /** Asks, waits, and takes the right to run. */
    public CompletableFuture<JavaRun> claim(ApprovalRequest request, RunTerms terms) {
        return bridge.claim(request, time(terms), terms.afterUnknown());
    }

    /** Waits, and takes the right to run. */
    public CompletableFuture<JavaRun> claim(PendingApproval pending, RunTerms terms) {
        return bridge.claim(pending, time(terms), terms.afterUnknown());
    }

    /** Takes the right to run what {@code event} tells of. */
    public CompletableFuture<JavaRun> claim(WebhookEvent event, boolean atLeastOnce) {
        return bridge.claim(event, atLeastOnce);
    }

    public CompletableFuture<PendingApproval> trigger(ApprovalRequest request) {
        return bridge.ask(request, bridge.time(null));
    }

    public CompletableFuture<PendingApproval> attach(String id) {
        return bridge.attach(id);
    }

    public CompletableFuture<Optional<Approval>> find(String id) {
        return bridge.find(id);
    }

    public CompletableFuture<Approval> await(PendingApproval pending, @Nullable Duration timeout) {
        return bridge.await(pending, bridge.time(timeout));
    }

    public CompletableFuture<Approval> poll(PendingApproval pending, Duration timeout) {
        return bridge.poll(pending, timeout);
    }

    public CompletableFuture<Approval> cancel(String id) {
        return bridge.cancel(id);
    }

    public CompletableFuture<String> receipt(String id) {
        return bridge.receipt(id);
    }

    public CompletableFuture<GateDecision> checkPolicy(ApprovalRequest request) {
        return bridge.checkPolicy(request);
    }

    /** What the policy says, where something is to run by it. */
    public CompletableFuture<GateDecision> permit(ApprovalRequest request) {
        return bridge.permit(request);
    }

    /** A page of what this key asked; {@code null} narrows nothing, and begins at the first page. */
    public CompletableFuture<JavaPage> page(
            @Nullable ApprovalStatus status, @Nullable String action, @Nullable String cursor) {
        return bridge.page(status, action, cursor);
    }

    @Override
    public void close() {
        sesame.close();
    }

    @Override
    public String toString() {
        return sesame.toString();
    }

    private JavaTime time(RunTerms terms) {
        return bridge.time(terms.timeout());
    }
}
