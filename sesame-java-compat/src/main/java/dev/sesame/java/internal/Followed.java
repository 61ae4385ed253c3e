package dev.sesame.java.internal;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The stage that another was composed with, once there is one; what happened to the other before that happens to it, too. */
final class Followed {
    private @Nullable CompletionStage<?> stage; // guarded by this, like the two below
    private boolean isLeft;
    private boolean isCancelled;

    <S extends CompletionStage<?>> S follow(S next) {
        boolean leave;
        boolean cancel;
        synchronized (this) {
            stage = next;
            leave = isLeft;
            cancel = isCancelled;
        }
        if (leave) StepFuture.leave(next);
        if (cancel) StepFuture.cancel(next);
        return next;
    }

    void leave() {
        CompletionStage<?> next;
        synchronized (this) {
            isLeft = true;
            next = stage;
        }
        if (next != null) StepFuture.leave(next);
    }

    void cancel() {
        CompletionStage<?> next;
        synchronized (this) {
            isCancelled = true;
            next = stage;
        }
        if (next != null) StepFuture.cancel(next);
    }
}
