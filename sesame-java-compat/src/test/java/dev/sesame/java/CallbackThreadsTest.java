package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Callers' code never runs on the client's own threads: one that blocks there would hold up everybody's leases. */
@ExtendWith(FakeBrokerExtension.class)
class CallbackThreadsTest {
    @Test
    void blocksAndStagesRunOnVirtualThreadsOfTheirOwn(FakeBroker broker) throws Exception {
        try (AsyncSesame sesame = Questions.over(broker).async()) {
            for (String thread : threads(broker, sesame)) assertThat(thread).startsWith("sesame-callback-");
        }
    }

    @Test
    void orOnTheExecutorThatWasSet(FakeBroker broker) throws Exception {
        try (ExecutorService mine = Executors.newFixedThreadPool(2, task -> new Thread(task, "mine"));
                AsyncSesame sesame = AsyncSesame.builder()
                        .apiKey(broker.getApiKey())
                        .brokerUrl(broker.serve())
                        .executor(mine)
                        .build()) {
            assertThat(threads(broker, sesame)).containsOnly("mine");
        }
    }

    @Test
    void aStageOfATimeoutRunsThereToo(FakeBroker broker) throws Exception {
        try (AsyncSesame sesame = Questions.over(broker).async()) {
            CompletableFuture<String> thread = sesame.trigger(Questions.refund())
                    .thenCompose(AsyncPendingApproval::await)
                    .thenApply(Approval::id)
                    .orTimeout(50, TimeUnit.MILLISECONDS)
                    .handle((value, problem) -> Thread.currentThread().getName());
            assertThat(thread.get(20, TimeUnit.SECONDS)).startsWith("sesame-callback-");
        }
    }

    private static List<String> threads(FakeBroker broker, AsyncSesame sesame) throws Exception {
        List<String> names = new ArrayList<>();
        CompletableFuture<String> run = sesame.approve(
                Questions.refund(), approval -> Thread.currentThread().getName());
        CompletableFuture<String> after =
                run.thenApply(name -> Thread.currentThread().getName());
        CompletableFuture<String> async =
                run.thenApplyAsync(name -> Thread.currentThread().getName());
        CompletableFuture<String> denied = sesame.approve(Questions.refund(1), approval -> "never")
                .exceptionally(problem -> Thread.currentThread().getName());
        CompletableFuture<String> awaited = sesame.trigger(Questions.refund(2))
                .thenCompose(AsyncPendingApproval::await)
                .thenApply(approval -> Thread.currentThread().getName());
        Eventually.until("all are asked", () -> broker.getPending().size() == 3);
        for (dev.sesame.Approval asked : broker.getPending()) {
            if (asked.getEffectiveContext().toString().contains("4200"))
                broker.approver("ana").approves(asked);
            else broker.approver("ana").denies(asked);
        }
        // The one that others hang on comes last: whoever gets a future may run what hangs on it.
        for (CompletableFuture<String> one : List.of(after, async, denied, awaited, run))
            names.add(one.get(20, TimeUnit.SECONDS));
        return names;
    }
}
