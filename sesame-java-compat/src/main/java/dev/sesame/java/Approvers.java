package dev.sesame.java;

import dev.sesame.internal.JavaApprovers;
import dev.sesame.java.internal.Caller;
import dev.sesame.java.internal.ContextJson;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * For code that answers on a person's behalf, with that person's token: a chat bot, a test, an internal tool.
 *
 * <p>Keep it apart from the programs that ask: a requester that holds a deciding token can approve itself. Thread-safe. An interrupt ends a
 * call with {@link InterruptedException}; whether an answer under way arrived is unknown then, and the same answer again is safe.
 */
public final class Approvers implements AutoCloseable {
    private final JavaApprovers approvers;
    private final Executor executor;

    Approvers(JavaApprovers approvers, Executor executor) {
        this.approvers = approvers;
        this.executor = executor;
    }

    /** For the person with that token, {@code at_…}, at the broker that {@code SESAME_BROKER_URL} names. */
    public static Approvers of(String token) {
        return builder(token).build();
    }

    /** Starts one with settings of its own, for the person with that token, {@code at_…}. */
    public static ApproversBuilder<Approvers> builder(String token) {
        return new ApproversBuilder<>(token, Approvers::new);
    }

    /** The other view of the same. */
    public AsyncApprovers async() {
        return new AsyncApprovers(approvers, executor);
    }

    /**
     * What this person may decide, newest first, fetched page by page as the stream is read. An interrupt ends the stream with {@link
     * java.util.concurrent.CancellationException}, and the thread stays interrupted.
     */
    public Stream<Approval> pending() {
        return PagedStream.of(approvers::pending);
    }

    /** Says yes. When it returns, that is on disk; {@link dev.sesame.AlreadyDecidedException} where somebody was faster. */
    public Approval approve(String id) throws InterruptedException {
        return say(id, null, approvers::approve);
    }

    /** The same, with a note for whoever asked, to 4,000 characters. */
    public Approval approve(String id, String note) throws InterruptedException {
        return say(id, note, approvers::approve);
    }

    /**
     * Says yes to {@code contextJson} in place of what was asked: the whole object, of which only the values of editable fields may differ.
     * It runs as it stands here.
     *
     * @throws dev.sesame.InvalidRequestException it is no JSON object, or differs elsewhere; nothing was decided.
     */
    public Approval approveEdited(String id, String contextJson) throws InterruptedException {
        return say(id, null, (which, none) -> approvers.approveEdited(which, none, ContextJson.strict(contextJson)));
    }

    /** The same, with a note for whoever asked, to 4,000 characters. */
    public Approval approveEdited(String id, String contextJson, String note) throws InterruptedException {
        return say(id, note, (which, said) -> approvers.approveEdited(which, said, ContextJson.strict(contextJson)));
    }

    /**
     * Gives people more time: it expires {@code expiresIn} from now, rounded up to seconds. When it returns, that is on disk. {@link
     * dev.sesame.InvalidRequestException} where that is sooner than now, or later than the broker allows.
     */
    public Approval extend(String id, Duration expiresIn) throws InterruptedException {
        return new Approval(Caller.await(() -> approvers.extend(id, expiresIn)));
    }

    /** Says no, which ends it. When it returns, that is on disk; {@link dev.sesame.AlreadyDecidedException} where somebody was faster. */
    public Approval deny(String id) throws InterruptedException {
        return say(id, null, approvers::deny);
    }

    /** The same, with a note for whoever asked, to 4,000 characters. */
    public Approval deny(String id, String note) throws InterruptedException {
        return say(id, note, approvers::deny);
    }

    /** Ends what is under way with {@link dev.sesame.SesameClosedException}, also in the other view. */
    @Override
    public void close() {
        approvers.close();
    }

    /** For logs: never a token. */
    @Override
    public String toString() {
        return approvers.toString();
    }

    private static Approval say(String id, @Nullable String note, Answering answering) throws InterruptedException {
        return new Approval(Caller.await(() -> answering.of(id, note)));
    }
}
