package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ApprovalStatus;
import dev.sesame.testing.FakeBroker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InterruptTest {
    @Test
    void itEndsTheWaitAndItsExchangeAndTakesNothingBack() throws Exception {
        try (HeldBroker broker = new HeldBroker();
                BlockingSesame sesame = broker.client()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    sesame.approve(Questions.plain(), approval -> "never");
                } catch (Throwable problem) {
                    thrown.set(problem);
                }
            });
            broker.awaitHeld();
            caller.interrupt();
            assertThat(broker.sawTheClose()).isTrue();
            assertThat(caller.join(Eventually.AT_MOST)).isTrue();
            assertThat(thrown.get()).isExactlyInstanceOf(InterruptedException.class);
            assertThat(broker.heard("POST /v1/approvals/"))
                    .as("a call that takes it back")
                    .isFalse();
        }
    }

    @Test
    void theQuestionStaysOpenForWhoeverAttaches() throws Exception {
        try (FakeBroker broker = new FakeBroker();
                BlockingSesame sesame = Questions.over(broker)) {
            Thread caller = Thread.ofPlatform().start(() -> {
                try {
                    sesame.approve(Questions.refund(), approval -> "never");
                } catch (InterruptedException expected) {
                    Thread.currentThread().interrupt();
                }
            });
            String id = broker.awaitPending(Eventually.AT_MOST).getId();
            caller.interrupt();
            assertThat(caller.join(Eventually.AT_MOST)).isTrue();
            assertThat(broker.approval(id).getStatus()).isEqualTo(ApprovalStatus.PENDING);
            broker.approver("ana").approves(id);
            assertThat(sesame.attach(id).<String, RuntimeException>run(approval -> "later"))
                    .isEqualTo("later");
        }
    }

    @Test
    void whoIsInterruptedAlreadyAsksNothing() throws Exception {
        try (HeldBroker broker = new HeldBroker();
                BlockingSesame sesame = broker.client()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> sesame.approve(Questions.plain(), approval -> "never"))
                    .isExactlyInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(broker.callCount()).isZero();
        }
    }

    @Test
    void inTheBlockItIsTheBlocksMatterAndASuccessStaysOne() throws Exception {
        try (FakeBroker broker = new FakeBroker();
                BlockingSesame sesame = Questions.of(broker)) {
            broker.approver("ana").approvesAll();
            String said = sesame.approve(Questions.refund(), approval -> {
                Thread.currentThread().interrupt();
                return "paid";
            });
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            assertThat(said).isEqualTo("paid");
            broker.assertRanOnce(broker.getAsked().get(0).getId());
        }
    }

    @Test
    void itIsThrownByEachVerbThatWaits() throws Exception {
        try (HeldBroker broker = new HeldBroker();
                BlockingSesame sesame = broker.client()) {
            PendingApproval pending = sesame.trigger(Questions.plain());
            CompletableFuture<Object> wait = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    wait.complete(pending.await());
                } catch (InterruptedException expected) {
                    wait.completeExceptionally(expected);
                }
            });
            broker.awaitHeld();
            caller.interrupt();
            assertThatThrownBy(() -> wait.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseExactlyInstanceOf(InterruptedException.class);
            assertThat(broker.sawTheClose()).isTrue();
        }
    }
}
