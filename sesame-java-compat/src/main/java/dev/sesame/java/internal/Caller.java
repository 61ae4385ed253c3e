package dev.sesame.java.internal;

import dev.sesame.internal.JavaRun;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for a step of the client, and runs what was approved: a plain wait that can be interrupted, and no monitor held, so
 * that a virtual thread leaves its carrier.
 */
public final class Caller {
    private Caller() {}

    /** What {@code step} comes to, or its own exception. An interrupt ends the step; one that came before lets it not even begin. */
    public static <T extends @Nullable Object> T await(Supplier<CompletableFuture<T>> step)
            throws InterruptedException {
        return await(step, undelivered -> {});
    }

    /** The right to run. Where an interrupt comes together with it, it is given back. */
    public static JavaRun claim(Supplier<CompletableFuture<JavaRun>> step) throws InterruptedException {
        return await(step, JavaRun::giveBack);
    }

    /**
     * Runs {@code code} on this thread. When this returns or throws, the broker knows the outcome or was tried for a few seconds, which no
     * interrupt cuts short; the thread's interrupt status stays as the code left it.
     */
    public static <T extends @Nullable Object, E extends Exception> T run(
            JavaRun run, Predicate<? super Throwable> safeToRetry, ApprovedCode<T, E> code)
            throws InterruptedException, E {
        if (Thread.interrupted()) { // the last look: whoever interrupts from here on, interrupts the code
            run.giveBack();
            throw new InterruptedException();
        }
        run.begin();
        T value;
        try {
            value = code.run(run.getApproval());
        } catch (Throwable problem) { // it goes on to the caller; here it only says what to tell the broker
            run.failed(problem, safeToRetry).join();
            throw problem;
        }
        run.succeeded().join();
        return value;
    }

    private static <T extends @Nullable Object> T await(Supplier<CompletableFuture<T>> step, Consumer<T> undelivered)
            throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        CompletableFuture<T> future = step.get();
        try {
            return future.get();
        } catch (InterruptedException leaving) {
            if (!future.cancel(false) && !future.isCompletedExceptionally()) undelivered.accept(future.join());
            throw leaving;
        } catch (ExecutionException failed) {
            throw unchecked(failed);
        }
    }

    private static RuntimeException unchecked(ExecutionException failed) {
        if (failed.getCause() instanceof RuntimeException problem) return problem;
        if (failed.getCause() instanceof Error problem) throw problem;
        return new IllegalStateException(failed);
    }
}
