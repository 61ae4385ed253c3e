package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ApprovalDeniedException;
import dev.sesame.ExecutionState;
import dev.sesame.testing.CallKind;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import dev.sesame.testing.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class AsyncApproveTest {
    @Test
    void onAYesTheBlockRunsAndItsValueIsGiven(FakeBroker broker) throws Exception {
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            CompletableFuture<Long> paid = sesame.approve(
                    Questions.refund(),
                    approval -> approval.contextAs(Questions.Refund.class).amount());
            broker.approver("ana").approves(broker.awaitPending(Eventually.AT_MOST));
            assertThat(paid.get(20, TimeUnit.SECONDS)).isEqualTo(4200);
            broker.assertRanOnce(broker.getAsked().get(0).getId());
        }
    }

    @Test
    void aNoFailsTheFutureAsItIs(FakeBroker broker) {
        broker.approver("ana").deniesAll();
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            CompletableFuture<String> future = sesame.approve(Questions.refund(), approval -> "never");
            assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseExactlyInstanceOf(ApprovalDeniedException.class);
            assertThat(future.exceptionNow()).isExactlyInstanceOf(ApprovalDeniedException.class);
        }
    }

    @Test
    void whatTheBlockThrowsFailsTheFutureUnchangedAndTheOutcomeIsUnknown(FakeBroker broker) {
        broker.approver("ana").approvesAll();
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            IOException mine = new IOException("mine");
            CompletableFuture<@Nullable Void> future = sesame.approveAndRun(Questions.refund(), approval -> {
                throw mine;
            });
            assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS)).hasCause(mine);
            assertThat(Questions.state(broker)).isEqualTo(ExecutionState.UNKNOWN);
        }
    }

    @Test
    void aBlockThatRunsGoesOnWhenItsFutureIsCancelledAndItsOutcomeIsReported(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            CompletableFuture<Boolean> future = sesame.approve(Questions.refund(), approval -> {
                started.countDown();
                return mayEnd.await(20, TimeUnit.SECONDS);
            });
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(future.cancel(true)).isTrue();
            assertThat(Questions.state(broker)).isEqualTo(ExecutionState.CLAIMED);
            mayEnd.countDown();
            Eventually.until("it is reported", () -> ExecutionState.SUCCEEDED.equals(Questions.state(broker)));
            assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void aClaimThatIsGrantedToWhoHasLeftIsGivenBack(FakeBroker broker) {
        broker.fail(Fault.delay(Duration.ofMillis(300)), 1, CallKind.CLAIM);
        try (AsyncSesame sesame = Questions.over(broker).async()) {
            CompletableFuture<String> future = sesame.approve(Questions.refund(), approval -> "never");
            String id = broker.awaitPending(Eventually.AT_MOST).getId();
            broker.approver("ana").approves(id);
            future.cancel(false);
            Eventually.until(
                    "nothing is claimed", () -> !ExecutionState.CLAIMED.equals(Questions.state(broker.approval(id))));
            broker.assertNeverRan(id);
        }
    }

    @Test
    void aBlockThatIsAsynchronousItselfHasRunOnceItsStageIsComplete(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            CompletableFuture<String> payment = new CompletableFuture<>();
            CountDownLatch started = new CountDownLatch(1);
            CompletableFuture<String> future = sesame.approveCompose(Questions.refund(), approval -> {
                started.countDown();
                return payment;
            });
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Questions.state(broker)).isEqualTo(ExecutionState.CLAIMED);
            payment.complete("paid");
            assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo("paid");
            assertThat(Questions.state(broker)).isEqualTo(ExecutionState.SUCCEEDED);
        }
    }

    @Test
    void cancellingThenCancelsThatStageAndTheOutcomeIsUnknown(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            CompletableFuture<String> payment = new CompletableFuture<>();
            CountDownLatch started = new CountDownLatch(1);
            CompletableFuture<Integer> derived = sesame.approveCompose(Questions.refund(), approval -> {
                        started.countDown();
                        return payment;
                    })
                    .thenApply(String::length);
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            derived.cancel(true);
            Eventually.until("the stage is cancelled", payment::isCancelled);
            Eventually.until("it is reported", () -> ExecutionState.UNKNOWN.equals(Questions.state(broker)));
        }
    }

    @Test
    void aStageThatFailsFailsTheFutureWithItsOwnException(FakeBroker broker) {
        broker.approver("ana").approvesAll();
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            IllegalStateException mine = new IllegalStateException("mine");
            CompletableFuture<String> future = sesame.approveCompose(
                    Questions.refund(),
                    approval -> CompletableFuture.<String>supplyAsync(() -> {
                        throw mine;
                    }));
            assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS)).hasCause(mine);
            assertThat(future.exceptionNow()).isSameAs(mine);
        }
    }

    @Test
    void whereTheExecutorTakesNoMoreTheBlockDoesNotRunAndTheClaimIsGivenBack(FakeBroker broker) {
        broker.approver("ana").approvesAll();
        AtomicBoolean hasRun = new AtomicBoolean();
        try (AsyncSesame sesame = AsyncSesame.builder()
                .apiKey(broker.getApiKey())
                .brokerUrl(broker.serve())
                .executor(task -> {
                    throw new RejectedExecutionException("closed");
                })
                .build()) {
            CompletableFuture<@Nullable Void> future =
                    sesame.approveAndRun(Questions.refund(), approval -> hasRun.set(true));
            assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS))
                    .hasCauseExactlyInstanceOf(RejectedExecutionException.class);
            assertThat(hasRun).isFalse();
            Eventually.until("it is given back", () -> ExecutionState.FAILED.equals(Questions.state(broker)));
        }
    }
}
