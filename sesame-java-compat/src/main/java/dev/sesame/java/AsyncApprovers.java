package dev.sesame.java;

import dev.sesame.internal.JavaApprovers;
import dev.sesame.java.internal.ContextJson;
import dev.sesame.java.internal.StepFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * For code that answers on a person's behalf, with that person's token: {@link Approvers}, without holding a thread.
 *
 * <p>Ending a future early ends its call; whether an answer under way arrived is unknown then, and the same answer again is safe.
 */
public final class AsyncApprovers implements AutoCloseable {
    private final JavaApprovers approvers;
    private final Executor executor;

    AsyncApprovers(JavaApprovers approvers, Executor executor) {
        this.approvers = approvers;
        this.executor = executor;
    }

    /** For the person with that token, {@code at_…}, at the broker that {@code SESAME_BROKER_URL} names. */
    public static AsyncApprovers of(String token) {
        return builder(token).build();
    }

    /** Starts one with settings of its own, for the person with that token, {@code at_…}. */
    public static ApproversBuilder<AsyncApprovers> builder(String token) {
        return new ApproversBuilder<>(token, AsyncApprovers::new);
    }

    /** The other view of the same. */
    public Approvers blocking() {
        return new Approvers(approvers, executor);
    }

    /** The first page, of up to 100, of what this person may decide, newest first. */
    public CompletableFuture<ApprovalPage> pending() {
        return ApprovalPage.first(executor, approvers::pending);
    }

    /** Says yes. When the future ends, that is on disk; {@link dev.sesame.AlreadyDecidedException} where somebody was faster. */
    public CompletableFuture<Approval> approve(String id) {
        return approval(approvers.approve(id, null));
    }

    /** The same, with a note for whoever asked, to 4,000 characters. */
    public CompletableFuture<Approval> approve(String id, String note) {
        return approval(approvers.approve(id, note));
    }

    /**
     * Says yes to {@code contextJson} in place of what was asked: the whole object, of which only the values of editable fields may differ.
     * It runs as it stands here.
     *
     * @throws dev.sesame.InvalidRequestException it is no JSON object.
     */
    public CompletableFuture<Approval> approveEdited(String id, String contextJson) {
        return approval(approvers.approveEdited(id, null, ContextJson.strict(contextJson)));
    }

    /** The same, with a note for whoever asked, to 4,000 characters. */
    public CompletableFuture<Approval> approveEdited(String id, String contextJson, String note) {
        return approval(approvers.approveEdited(id, note, ContextJson.strict(contextJson)));
    }

    /** Gives people more time: it expires {@code expiresIn} from now, rounded up to seconds. When the future ends, that is on disk. */
    public CompletableFuture<Approval> extend(String id, Duration expiresIn) {
        return approval(approvers.extend(id, expiresIn));
    }

    /** Says no. When the future ends, that is on disk; {@link dev.sesame.AlreadyDecidedException} where somebody was faster. */
    public CompletableFuture<Approval> deny(String id) {
        return approval(approvers.deny(id, null));
    }

    /** The same, with a note for whoever asked, to 4,000 characters. */
    public CompletableFuture<Approval> deny(String id, String note) {
        return approval(approvers.deny(id, note));
    }

    /** Ends what is under way with {@link dev.sesame.SesameClosedException}, also in the other view. */
    @Override
    public void close() {
        approvers.close();
    }

    /** For logs: never a token. */
    @Override
    public String toString() {
        return "Async" + approvers;
    }

    private CompletableFuture<Approval> approval(CompletableFuture<dev.sesame.Approval> step) {
        return StepFuture.of(executor, step, Approval::new);
    }
}
