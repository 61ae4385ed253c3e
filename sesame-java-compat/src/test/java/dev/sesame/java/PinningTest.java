package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.testing.FakeBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinningTest {
    private static final int WAITS = 1_000;

    @TempDir
    Path directory;

    @Test
    void aThousandVirtualThreadsWaitAndRunWithoutPinningTheirCarriers() throws Exception {
        try (FakeBroker broker = new FakeBroker();
                BlockingSesame sesame = Questions.over(broker)) {
            sesame.trigger(Questions.refund()).cancel(); // what the first call loads and initializes is no wait
            AtomicInteger runs = new AtomicInteger();
            List<RecordedEvent> pinned = pinnedDuring(() -> {
                List<Thread> callers = new ArrayList<>();
                for (int call = 0; call < WAITS; call++) {
                    callers.add(Thread.ofVirtual().start(() -> approve(sesame, runs)));
                }
                Eventually.until("all wait", () -> broker.getPending().size() == WAITS);
                broker.approver("ana").approvesAll();
                for (Thread caller : callers) caller.join();
            });
            assertThat(runs).hasValue(WAITS);
            assertThat(pinned).isEmpty();
        }
    }

    @Test
    void whatPinsIsSeen() throws Exception {
        assertThat(pinnedDuring(() -> Thread.ofVirtual().start(Pinning::touch).join()))
                .isNotEmpty();
    }

    /** Whoever parks while a class is being initialized pins its carrier, on every JDK to 25 at least. */
    private static final class Pinning {
        static {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }

        static void touch() {}
    }

    private interface Step {
        void run() throws Exception;
    }

    private List<RecordedEvent> pinnedDuring(Step step) throws Exception {
        Path file = Files.createTempFile(directory, "pinned", ".jfr");
        try (Recording recording = new Recording()) {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ZERO)
                    .withStackTrace();
            recording.start();
            step.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }

    private static void approve(BlockingSesame sesame, AtomicInteger runs) {
        try {
            sesame.approveAndRun(Questions.refund(), approval -> runs.incrementAndGet());
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
