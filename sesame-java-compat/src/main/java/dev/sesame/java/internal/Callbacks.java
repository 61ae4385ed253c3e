package dev.sesame.java.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/** Where callers' code runs that no thread of theirs waits for: never on the client's own threads, which renew leases for everybody. */
public final class Callbacks {
    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("sesame-callback-", 0).factory();

    /** A virtual thread for each task: these are daemons, and there is nothing to close. */
    public static final Executor DEFAULT = task -> THREADS.newThread(task).start();

    private Callbacks() {}

    /** Runs {@code end}, which ends a future, on {@code executor}; where that takes no more, it must not be lost either. */
    static void run(Executor executor, Runnable end) {
        try {
            executor.execute(end);
        } catch (RejectedExecutionException closed) {
            DEFAULT.execute(end);
        }
    }
}
