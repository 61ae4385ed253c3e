package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ApprovalDeniedException;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Gated interfaces over a real client. */
@ExtendWith(FakeBrokerExtension.class)
class GatedViewsTest {
    interface Refunds {
        @RequireApproval(action = "payments.refund", summary = "Refund {amount} to {customer}")
        String refund(long amount, String customer) throws InterruptedException;

        @RequireApproval(action = "payments.refund", summary = "Refund {amount} to {customer}")
        CompletableFuture<String> refundLater(long amount, String customer);
    }

    private static final Refunds REFUNDS = new Refunds() {
        @Override
        public String refund(long amount, String customer) {
            return amount + " to " + customer + " on " + Thread.currentThread().threadId();
        }

        @Override
        public CompletableFuture<String> refundLater(long amount, String customer) {
            return CompletableFuture.completedFuture(amount + " to " + customer);
        }
    };

    @Test
    void aCallAsksAndRunsOnItsCallersThread(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            Refunds gated = sesame.gate(Refunds.class, REFUNDS);
            assertThat(gated.refund(42, "ana"))
                    .isEqualTo("42 to ana on " + Thread.currentThread().threadId());
            assertThat(broker.getAsked().get(0).getSummary()).isEqualTo("Refund 42 to ana");
            broker.assertRanOnce(broker.getAsked().get(0).getId());
        }
    }

    @Test
    void aMethodThatGivesAFutureHoldsNoThread(FakeBroker broker) throws Exception {
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            CompletableFuture<String> refund =
                    sesame.gate(Refunds.class, REFUNDS).refundLater(42, "ana");
            broker.approver("ana").approves(broker.awaitPending(Eventually.AT_MOST));
            assertThat(refund.get(20, TimeUnit.SECONDS)).isEqualTo("42 to ana");
        }
    }

    @Test
    void onANoNothingIsCalled(FakeBroker broker) {
        broker.approver("ana").deniesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            Refunds gated = sesame.gate(Refunds.class, REFUNDS);
            assertThatThrownBy(() -> gated.refund(42, "ana")).isExactlyInstanceOf(ApprovalDeniedException.class);
        }
    }
}
