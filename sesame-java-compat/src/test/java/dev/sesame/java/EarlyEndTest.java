package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a future is ended early, and whichever stage: the wait ends, its connection is freed, and the block never starts. */
@SuppressWarnings("FutureReturnValueIgnored") // the stage that is ended here is the one that is looked at
class EarlyEndTest {
    private static Stream<Arguments> ways() {
        return Stream.of(
                way("cancel", future -> future.cancel(true)),
                way(
                        "cancel what is derived",
                        future -> future.thenApply(value -> value + "!").cancel(true)),
                way(
                        "cancel further down",
                        future -> future.thenApply(value -> value + "!")
                                .exceptionally(problem -> "mended")
                                .thenAccept(value -> {})
                                .cancel(true)),
                way(
                        "cancel an async stage",
                        future -> future.handleAsync((value, problem) -> value).cancel(true)),
                way("cancel a copy", future -> future.copy().cancel(true)),
                way("complete", future -> future.complete("enough")),
                way(
                        "complete what is derived",
                        future -> future.thenApply(value -> 1).complete(2)),
                way("completeAsync", future -> future.completeAsync(() -> "enough")),
                way(
                        "completeExceptionally",
                        future -> future.completeExceptionally(new IllegalStateException("enough"))),
                way("obtrudeValue", future -> future.obtrudeValue("enough")),
                way("orTimeout", future -> future.orTimeout(50, TimeUnit.MILLISECONDS)),
                way(
                        "orTimeout on what is derived",
                        future -> future.thenApply(value -> 1).orTimeout(50, TimeUnit.MILLISECONDS)),
                way("completeOnTimeout", future -> future.completeOnTimeout("enough", 50, TimeUnit.MILLISECONDS)),
                way(
                        "completeOnTimeout on what is derived",
                        future -> future.thenApply(value -> 1).completeOnTimeout(2, 50, TimeUnit.MILLISECONDS)));
    }

    private static Arguments way(String name, Consumer<CompletableFuture<String>> end) {
        return Arguments.of(Named.of(name, end));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anyWayFreesTheConnection(Consumer<CompletableFuture<String>> end) throws Exception {
        try (HeldBroker broker = new HeldBroker();
                AsyncSesame sesame = broker.client().async()) {
            AtomicBoolean hasRun = new AtomicBoolean();
            CompletableFuture<String> future = sesame.approve(Questions.plain(), approval -> {
                hasRun.set(true);
                return "never";
            });
            broker.awaitHeld();
            end.accept(future);
            assertThat(broker.sawTheClose()).isTrue();
            Eventually.until("the future is done", future::isDone);
            assertThat(hasRun).isFalse();
            assertThat(broker.heard("POST /v1/approvals/"))
                    .as("a call that takes it back")
                    .isFalse();
        }
    }

    @Test
    void aStageThatIsComposedEndsTheWaitThatItCameTo() throws Exception {
        try (HeldBroker broker = new HeldBroker();
                AsyncSesame sesame = broker.client().async()) {
            CompletableFuture<Approval> decided =
                    sesame.trigger(Questions.plain()).thenCompose(AsyncPendingApproval::await);
            broker.awaitHeld();
            decided.cancel(true);
            assertThat(broker.sawTheClose()).isTrue();
        }
    }

    @Test
    void aStageThatIsComposedAsynchronouslyDoesSoToo() throws Exception {
        try (HeldBroker broker = new HeldBroker();
                AsyncSesame sesame = broker.client().async()) {
            CompletableFuture<String> status = sesame.trigger(Questions.plain())
                    .thenComposeAsync(AsyncPendingApproval::await)
                    .thenApply(approval -> approval.status().getValue());
            broker.awaitHeld();
            status.orTimeout(50, TimeUnit.MILLISECONDS);
            assertThat(broker.sawTheClose()).isTrue();
            assertThatThrownBy(() -> status.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void theStageGetsItsCallersValueAndTheOthersHearOfTheCancelling() throws Exception {
        try (HeldBroker broker = new HeldBroker();
                AsyncSesame sesame = broker.client().async()) {
            CompletableFuture<String> future = sesame.approve(Questions.plain(), approval -> "never");
            CompletableFuture<Integer> length = future.thenApply(String::length);
            CompletableFuture<String> beside =
                    future.exceptionally(problem -> problem.getClass().getSimpleName());
            broker.awaitHeld();
            assertThat(length.complete(7)).isTrue();
            assertThat(length.get(20, TimeUnit.SECONDS)).isEqualTo(7);
            assertThat(beside.get(20, TimeUnit.SECONDS)).isEqualTo("CancellationException");
            assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void whatLosesARaceWithAnotherFutureGoesOn() throws Exception {
        try (HeldBroker broker = new HeldBroker();
                AsyncSesame sesame = broker.client().async()) {
            CompletableFuture<String> future = sesame.approve(Questions.plain(), approval -> "never");
            CompletableFuture<String> first =
                    future.applyToEither(CompletableFuture.completedFuture("other"), value -> value);
            broker.awaitHeld();
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("other");
            first.cancel(true);
            assertThat(future).isNotDone();
        }
    }
}
