package dev.sesame.java;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what comes soon, and says what didn't come. */
final class Eventually {
    static final Duration AT_MOST = Duration.ofSeconds(20);

    private Eventually() {}

    static void until(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + AT_MOST.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > end) fail("not within " + AT_MOST + ": " + what);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
