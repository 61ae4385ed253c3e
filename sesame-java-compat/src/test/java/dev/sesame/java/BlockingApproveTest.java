package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ApprovalDeniedException;
import dev.sesame.ApprovalExpiredException;
import dev.sesame.ApprovalTimeoutException;
import dev.sesame.ExecutionState;
import dev.sesame.ExecutionUnknownException;
import dev.sesame.InvalidRequestException;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class BlockingApproveTest {
    private static final ThreadLocal<String> tenant = new ThreadLocal<>();

    @Test
    void onAYesTheBlockRunsOnceOnItsCallersOwnThreadWithWhatWasApproved(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            tenant.set("acme");
            AtomicInteger runs = new AtomicInteger();
            String said = sesame.approve(Questions.refund(), approval -> {
                runs.incrementAndGet();
                Questions.Refund refund = approval.contextAs(Questions.Refund.class);
                return tenant.get() + " " + refund.amount() + " "
                        + Thread.currentThread().threadId();
            });
            assertThat(said).isEqualTo("acme 4200 " + Thread.currentThread().threadId());
            assertThat(runs).hasValue(1);
            broker.assertRanOnce(broker.getAsked().get(0).getId());
        }
    }

    @Test
    void aBlockWithoutAValueRunsToo(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            AtomicInteger runs = new AtomicInteger();
            sesame.approveAndRun(Questions.refund(), approval -> runs.incrementAndGet());
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void aNoIsThrownAsItIs(FakeBroker broker) {
        broker.approver("ana").deniesAll("too much");
        try (BlockingSesame sesame = Questions.of(broker)) {
            assertThatThrownBy(() -> sesame.approve(Questions.refund(), approval -> "never"))
                    .isExactlyInstanceOf(ApprovalDeniedException.class)
                    .hasMessageContaining("too much")
                    .hasNoCause();
        }
    }

    @Test
    void silenceIsANo(FakeBroker broker) {
        try (BlockingSesame sesame = Questions.of(broker)) {
            CompletableFuture<String> run = CompletableFuture.supplyAsync(() -> {
                try {
                    return sesame.approve(Questions.refund(), approval -> "never");
                } catch (InterruptedException never) {
                    throw new AssertionError(never);
                }
            });
            broker.awaitPending(Eventually.AT_MOST);
            broker.getClock().advance(Duration.ofDays(2));
            assertThatThrownBy(run::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isExactlyInstanceOf(ApprovalExpiredException.class);
        }
    }

    @Test
    void whatTheBlockThrowsPassesUnchangedAndLeavesTheOutcomeUnknown(FakeBroker broker) {
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            IOException mine = new IOException("mine");
            assertThatThrownBy(() -> sesame.approve(Questions.refund(), approval -> {
                        throw mine;
                    }))
                    .isSameAs(mine);
            assertThat(Questions.state(broker)).isEqualTo(ExecutionState.UNKNOWN);
        }
    }

    @Test
    void anExceptionThatIsSafeToRetryMeansThatNothingWasDone(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            ApprovalRequest request = ApprovalRequest.builder(Questions.ACTION)
                    .dedupKey("refund-1")
                    .build();
            RunOptions options = RunOptions.defaults().safeToRetry(problem -> problem instanceof IOException);
            assertThatThrownBy(() -> sesame.approve(request, options, approval -> {
                        throw new IOException("refused at the door");
                    }))
                    .isInstanceOf(IOException.class);
            assertThat(Questions.state(broker)).isEqualTo(ExecutionState.FAILED);
            assertThat(sesame.<String, RuntimeException>approve(request, approval -> "done"))
                    .isEqualTo("done");
        }
    }

    @Test
    void aJudgementThatFailsItselfLeavesTheOutcomeUnknownAndTheBlocksExceptionInFront(FakeBroker broker) {
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            IOException mine = new IOException("mine");
            RunOptions options = RunOptions.defaults().safeToRetry(problem -> {
                throw new IllegalStateException("no idea");
            });
            assertThatThrownBy(() -> sesame.approve(Questions.refund(), options, approval -> {
                        throw mine;
                    }))
                    .isSameAs(mine);
            assertThat(mine.getSuppressed()).hasOnlyElementsOfType(IllegalStateException.class);
            assertThat(Questions.state(broker)).isEqualTo(ExecutionState.UNKNOWN);
        }
    }

    @Test
    void aTimeoutEndsTheWaitAndKeepsTheQuestion(FakeBroker broker) {
        try (BlockingSesame sesame = Questions.of(broker)) {
            RunOptions soon = RunOptions.defaults().timeout(Duration.ofMillis(50));
            assertThatThrownBy(() -> sesame.approve(Questions.refund(), soon, approval -> "never"))
                    .isExactlyInstanceOf(ApprovalTimeoutException.class);
            assertThat(broker.getPending()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void anUnknownOutcomeStopsTheNextRunUntilSomebodySaysThatTheyLooked(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            ApprovalRequest request = ApprovalRequest.builder(Questions.ACTION)
                    .dedupKey("refund-1")
                    .build();
            assertThatThrownBy(() -> sesame.approve(request, approval -> {
                        throw new IOException("no answer");
                    }))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sesame.approve(request, approval -> "twice"))
                    .isExactlyInstanceOf(ExecutionUnknownException.class);
            RunOptions looked = RunOptions.defaults().afterUnknown();
            assertThat(sesame.<String, RuntimeException>approve(request, looked, approval -> "done"))
                    .isEqualTo("done");
        }
    }

    @Test
    void aNegativeTimeoutIsRefusedByName() {
        assertThatThrownBy(() -> RunOptions.defaults().timeout(Duration.ofSeconds(-1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("timeout");
    }
}
