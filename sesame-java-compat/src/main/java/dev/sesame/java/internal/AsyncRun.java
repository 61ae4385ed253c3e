package dev.sesame.java.internal;

import dev.sesame.internal.JavaRun;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A run that no thread waits for: the claim is waited for, then the code starts on the executor, and what became of it is reported.
 *
 * <p>One exchange of {@code state} decides whether the code starts or the caller has left. Who leaves later ends nothing but the stage that
 * the code gave, and its outcome is reported all the same.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is hung on them can't fail
public final class AsyncRun<T extends @Nullable Object> {
    private static final Object LEFT = "left";
    private static final Object STARTED = "started";

    private final Executor executor;
    private final CompletableFuture<JavaRun> claim;
    private final Predicate<? super Throwable> safeToRetry;
    private final ApprovedCode<? extends CompletionStage<T>, ?> code;
    private final AtomicReference<@Nullable Object> state =
            new AtomicReference<>(); // null, LEFT, STARTED, or the stage that the code gave
    private final StepFuture<T> future;

    private AsyncRun(
            Executor executor,
            CompletableFuture<JavaRun> claim,
            Predicate<? super Throwable> safeToRetry,
            ApprovedCode<? extends CompletionStage<T>, ?> code) {
        this.executor = executor;
        this.claim = claim;
        this.safeToRetry = safeToRetry;
        this.code = code;
        future = StepFuture.of(executor, this::leave);
    }

    /** Runs {@code code} under {@code claim}; the future ends as the stage does that the code gives, once that is reported. */
    public static <T extends @Nullable Object> CompletableFuture<T> of(
            Executor executor,
            CompletableFuture<JavaRun> claim,
            RunTerms terms,
            ApprovedCode<? extends CompletionStage<T>, ?> code) {
        AsyncRun<T> run = new AsyncRun<>(executor, claim, terms.safeToRetry(), code);
        claim.whenComplete(run::claimed);
        return run.future;
    }

    private void leave() {
        Object before = state.getAndSet(LEFT);
        if (before == null) claim.cancel(false);
        else if (before instanceof CompletionStage<?> stage) cancel(stage);
    }

    private void claimed(@Nullable JavaRun run, @Nullable Throwable problem) {
        if (run == null) {
            future.fail(problem == null ? new IllegalStateException("claimed nothing") : problem);
            return;
        }
        try {
            executor.execute(() -> start(run));
        } catch (RejectedExecutionException closed) {
            run.giveBack();
            future.fail(closed);
        }
    }

    private void start(JavaRun run) {
        if (!state.compareAndSet(null, STARTED)) {
            run.giveBack();
            return;
        }
        try {
            run.begin();
        } catch (RuntimeException lapsed) { // it waited for a thread for longer than its lease
            future.fail(lapsed);
            return;
        }
        CompletionStage<T> stage;
        try {
            stage = code.run(run.getApproval());
            if (stage == null) throw new NullPointerException("the approved block gave no stage");
        } catch (Throwable problem) { // whatever it is, it is the caller's
            failed(run, problem);
            return;
        }
        if (!state.compareAndSet(STARTED, stage)) cancel(stage);
        stage.whenComplete((value, problem) -> {
            if (problem != null) failed(run, unwrapped(problem));
            else run.succeeded().whenComplete((nothing, never) -> future.finish(() -> value));
        });
    }

    private void failed(JavaRun run, Throwable problem) {
        run.failed(problem, safeToRetry).whenComplete((nothing, never) -> future.fail(problem));
    }

    private static Throwable unwrapped(Throwable problem) {
        return problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
    }

    private static void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException isNone) {
            // A stage that can't be ended from outside goes on.
        }
    }
}
