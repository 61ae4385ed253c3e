package dev.sesame.java.internal;

import dev.sesame.GateDecision;
import dev.sesame.GatedRun;
import dev.sesame.internal.JavaValues;
import dev.sesame.java.PermittedBlock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A run that no thread waits for and that the policy may permit: the answer is waited for, then the block starts on the executor.
 *
 * <p>One exchange of {@code taken} decides whether the block starts or the caller has left.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is hung on them can't fail
public final class PermittedRun<T extends @Nullable Object> {
    private final Executor executor;
    private final CompletableFuture<GateDecision> check;
    private final PermittedBlock<T, ?> block;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final StepFuture<GatedRun<T>> future;

    private PermittedRun(Executor executor, CompletableFuture<GateDecision> check, PermittedBlock<T, ?> block) {
        this.executor = executor;
        this.check = check;
        this.block = block;
        future = StepFuture.of(executor, this::leave);
    }

    /** Runs {@code block} where {@code check} comes to a permission; the future tells what the policy said, and what the block gave. */
    public static <T extends @Nullable Object> CompletableFuture<GatedRun<T>> of(
            Executor executor, CompletableFuture<GateDecision> check, PermittedBlock<T, ?> block) {
        PermittedRun<T> run = new PermittedRun<>(executor, check, block);
        check.whenComplete(run::checked);
        return run.future;
    }

    private void leave() {
        if (taken.compareAndSet(false, true)) check.cancel(false);
    }

    private void checked(@Nullable GateDecision decision, @Nullable Throwable problem) {
        if (decision == null) {
            future.fail(problem == null ? new IllegalStateException("checked nothing") : problem);
        } else if (!decision.isExecute()) {
            future.finish(() -> JavaValues.notRun(decision));
        } else {
            try {
                executor.execute(() -> start(decision));
            } catch (RejectedExecutionException closed) {
                future.fail(closed);
            }
        }
    }

    private void start(GateDecision decision) {
        if (!taken.compareAndSet(false, true)) return;
        T value;
        try {
            value = block.run();
        } catch (Throwable problem) { // whatever it is, it is the caller's
            future.fail(problem);
            return;
        }
        future.finish(() -> JavaValues.ran(decision, value));
    }
}
