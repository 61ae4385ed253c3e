package dev.sesame.java.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A step of the client as callers hold it: ending it early, or any stage derived from it, ends the step.
 *
 * <p>Ending early has three parts, in this order. The step is left: from here on it starts nothing and gives nothing. Then the stage that
 * the caller holds gets the caller's value or exception. Then the stages between it and the step are cancelled, for whoever holds them. In
 * another order a stage below would hear of the cancelling before it got the caller's value.
 *
 * <p>What callers hang on it runs on its executor.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is hung on them can't fail
public final class StepFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    private final Executor executor;
    private final Source source;

    private StepFuture(Executor executor, Source source) {
        this.executor = executor;
        this.source = source;
    }

    /** The future of a step that {@code leave} ends, called once at most; it is told by {@link #finish} and {@link #fail}. */
    static <T extends @Nullable Object> StepFuture<T> of(Executor executor, Runnable leave) {
        return new StepFuture<>(executor, new Source.Step(leave));
    }

    /** {@code step} as callers hold it, with {@code view} of what it gives. */
    public static <S extends @Nullable Object, T extends @Nullable Object> CompletableFuture<T> of(
            Executor executor, CompletableFuture<S> step, Function<S, T> view) {
        StepFuture<T> future = of(executor, () -> step.cancel(false));
        step.whenComplete((value, problem) -> {
            if (problem == null) future.finish(() -> view.apply(value));
            else future.fail(problem);
        });
        return future;
    }

    /** The step came to this. Whoever left doesn't hear of it. */
    void finish(Supplier<T> value) {
        tell(() -> {
            try {
                super.complete(value.get());
            } catch (Throwable problem) { // or else nobody would ever hear of it
                super.completeExceptionally(problem);
            }
        });
    }

    /** The step failed. Whoever left doesn't hear of it. */
    void fail(Throwable problem) {
        tell(() -> super.completeExceptionally(problem));
    }

    private void tell(Runnable end) {
        Callbacks.run(executor, () -> {
            if (!source.isLeft()) end.run();
        });
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return endEarly(() -> super.cancel(mayInterruptIfRunning));
    }

    @Override
    public boolean complete(T value) {
        return endEarly(() -> super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable problem) {
        return endEarly(() -> super.completeExceptionally(problem));
    }

    private boolean endEarly(BooleanSupplier end) {
        if (isDone()) return end.getAsBoolean();
        source.leave();
        boolean isEnded = end.getAsBoolean();
        source.cancel();
        return isEnded;
    }

    @Override
    public void obtrudeValue(T value) {
        source.leave();
        super.obtrudeValue(value);
        source.cancel();
    }

    @Override
    public void obtrudeException(Throwable problem) {
        source.leave();
        super.obtrudeException(problem);
        source.cancel();
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable problem) { // as the JDK's own does
                completeExceptionally(problem);
            }
        });
        return this;
    }

    @Override
    public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return after(timeout, unit, () -> completeExceptionally(new TimeoutException()));
    }

    @Override
    public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        return after(timeout, unit, () -> complete(value));
    }

    /** The JDK has one timer thread for everybody: what hangs on this future must not hold it up. */
    private CompletableFuture<T> after(long timeout, TimeUnit unit, Runnable end) {
        if (isDone()) return this;
        CompletableFuture<@Nullable Void> timer =
                new CompletableFuture<@Nullable Void>().completeOnTimeout(null, timeout, unit);
        timer.thenRun(() -> Callbacks.run(executor, end)); // not when it is cancelled
        whenComplete((value, problem) -> timer.cancel(false));
        return this;
    }

    @Override
    public Executor defaultExecutor() {
        return executor;
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new StepFuture<>(executor, new Source.Derived(this));
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> thenCompose(
            Function<? super T, ? extends CompletionStage<U>> next) {
        return following(followed -> super.thenCompose(value -> followed.follow(next.apply(value))));
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> thenComposeAsync(
            Function<? super T, ? extends CompletionStage<U>> next) {
        return thenComposeAsync(next, executor);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> thenComposeAsync(
            Function<? super T, ? extends CompletionStage<U>> next, Executor executor) {
        return following(followed -> super.thenComposeAsync(value -> followed.follow(next.apply(value)), executor));
    }

    private static <U extends @Nullable Object> CompletableFuture<U> following(
            Function<Followed, CompletableFuture<U>> compose) {
        Followed followed = new Followed();
        CompletableFuture<U> future = compose.apply(followed);
        if (future instanceof StepFuture<U> step && step.source instanceof Source.Derived derived)
            derived.follow(followed);
        return future;
    }

    /** The step of {@code stage} is left, where it is one of ours. */
    static void leave(CompletionStage<?> stage) {
        if (stage instanceof StepFuture<?> step) step.source.leave();
    }

    /** The same for what is ended then; a stage of somebody else's is theirs. */
    static void cancel(CompletionStage<?> stage) {
        if (stage instanceof StepFuture<?> step) step.cancel(false);
    }
}
