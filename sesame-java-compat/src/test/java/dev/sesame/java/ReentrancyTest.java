package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.testing.FakeBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.ExecutorsKt;
import org.junit.jupiter.api.Test;

/** A blocking call may come from within a coroutine, by way of Java code, on every thread of a pool at once: the client needs none of them. */
class ReentrancyTest {
    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    @Test
    void fromAllThreadsOfTheDefaultDispatcherAtOnce() throws Exception {
        int threads = Math.max(2, CPUS);
        neverDeadlocks(
                ExecutorsKt.asExecutor(Dispatchers.getDefault()),
                threads,
                threads * 2,
                ReentrancyTest::withinACoroutine);
    }

    @Test
    void fromAllThreadsOfTheIoDispatcherAtOnce() throws Exception {
        neverDeadlocks(ExecutorsKt.asExecutor(Dispatchers.getIO()), 64, 70, ReentrancyTest::withinACoroutine);
    }

    @Test
    void fromEveryThreadOfTheCommonPool() throws Exception {
        int threads = Math.max(1, ForkJoinPool.getCommonPoolParallelism());
        neverDeadlocks(ForkJoinPool.commonPool(), threads, threads * 4, Supplier::get);
    }

    @Test
    void fromABlockThatAsksAgain() throws Exception {
        try (FakeBroker broker = new FakeBroker();
                BlockingSesame sesame = Questions.over(broker)) {
            broker.approver("ana").approvesAll();
            String said = sesame.approve(
                    Questions.refund(1), outer -> sesame.approve(Questions.refund(2), inner -> inner.id()));
            assertThat(broker.getAsked()).hasSize(2);
            broker.assertRanOnce(said);
        }
    }

    private interface Around {
        String run(Supplier<String> call);
    }

    /** {@code threads} of the pool are blocked at once, and {@code calls} are to come through. */
    private static void neverDeadlocks(Executor pool, int threads, int calls, Around around) throws Exception {
        try (FakeBroker broker = new FakeBroker();
                BlockingSesame sesame = Questions.over(broker)) {
            List<CompletableFuture<String>> runs = new ArrayList<>();
            for (int call = 0; call < calls; call++) {
                runs.add(CompletableFuture.supplyAsync(() -> around.run(() -> approve(sesame)), pool));
            }
            Eventually.until(
                    "all threads are blocked", () -> broker.getPending().size() >= threads);
            broker.approver("ana").approvesAll();
            for (CompletableFuture<String> run : runs)
                assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo("ran");
        }
    }

    /** A suspending function that calls Java code that blocks. */
    private static String withinACoroutine(Supplier<String> call) {
        try {
            return BuildersKt.runBlocking(EmptyCoroutineContext.INSTANCE, (scope, continuation) -> call.get());
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    private static String approve(BlockingSesame sesame) {
        try {
            return sesame.approve(Questions.refund(), approval -> "ran");
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
