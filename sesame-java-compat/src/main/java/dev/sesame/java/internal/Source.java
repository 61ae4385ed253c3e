package dev.sesame.java.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Where a stage's value comes from, as much of it as ending early needs. */
sealed interface Source {
    /** From here on nothing starts, and nothing is given. */
    void leave();

    /** Whoever else waits for it hears that it was left. */
    void cancel();

    /** Whether somebody left it. */
    boolean isLeft();

    /** A step of the client. */
    final class Step implements Source {
        private final Runnable leave;
        private final AtomicBoolean isLeft = new AtomicBoolean();

        Step(Runnable leave) {
            this.leave = leave;
        }

        @Override
        public void leave() {
            if (isLeft.compareAndSet(false, true)) leave.run();
        }

        @Override
        public void cancel() {
            // Nobody holds it.
        }

        @Override
        public boolean isLeft() {
            return isLeft.get();
        }
    }

    /** Another stage, and then maybe the one that it was composed with. */
    final class Derived implements Source {
        private final StepFuture<?> from;
        private volatile @Nullable Followed followed;

        Derived(StepFuture<?> from) {
            this.from = from;
        }

        void follow(Followed followed) {
            this.followed = followed;
        }

        @Override
        public void leave() {
            if (!from.isDone()) StepFuture.leave(from);
            Followed then = followed;
            if (then != null) then.leave();
        }

        @Override
        public void cancel() {
            from.cancel(false);
            Followed then = followed;
            if (then != null) then.cancel();
        }

        @Override
        public boolean isLeft() {
            return false;
        }
    }
}
