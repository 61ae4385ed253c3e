package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.Approval;
import dev.sesame.ExecutionState;
import dev.sesame.Sesame;
import dev.sesame.internal.JavaRun;
import dev.sesame.java.internal.Callbacks;
import dev.sesame.java.internal.Caller;
import dev.sesame.java.internal.RunTerms;
import dev.sesame.java.internal.SharedClient;
import dev.sesame.testing.CallKind;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import dev.sesame.testing.Fault;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An interrupt beside a claim that is being granted: either the block runs, or the claim is given back. */
@ExtendWith(FakeBrokerExtension.class)
class InterruptRaceTest {
    @Test
    void aClaimThatIsGrantedWhileTheCallerLeavesIsGivenBack(FakeBroker broker) throws Exception {
        broker.fail(Fault.delay(Duration.ofMillis(300)), 1, CallKind.CLAIM);
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.over(broker)) {
            PendingApproval pending = sesame.trigger(Questions.refund());
            AtomicReference<Object> end = new AtomicReference<>();
            Thread caller = Thread.ofVirtual().start(() -> end.set(runOf(pending)));
            Eventually.until("the caller waits", () -> caller.getState() == Thread.State.WAITING);
            caller.interrupt();
            assertThat(caller.join(Eventually.AT_MOST)).isTrue();
            assertThat(end.get()).isInstanceOf(InterruptedException.class);
            Eventually.until("nothing is claimed", () -> !isClaimed(broker, pending.id()));
            broker.assertNeverRan(pending.id());
        }
    }

    @Test
    void anInterruptBetweenTheGrantAndTheBlockGivesItBack(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (Sesame client = broker.sesame()) {
            SharedClient shared = new SharedClient(client, Callbacks.DEFAULT);
            JavaRun run = Caller.claim(() -> shared.claim(Requests.of(Questions.refund()), RunTerms.DEFAULTS));
            AtomicBoolean hasRun = new AtomicBoolean();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Caller.run(run, problem -> false, approval -> hasRun.getAndSet(true)))
                    .isExactlyInstanceOf(InterruptedException.class);
            assertThat(hasRun).isFalse();
            assertGivenBack(broker);
        }
    }

    @Test
    void anInterruptThatComesTogetherWithTheGrantGivesItBack(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (Sesame client = broker.sesame()) {
            SharedClient shared = new SharedClient(client, Callbacks.DEFAULT);
            JavaRun run = Caller.claim(() -> shared.claim(Requests.of(Questions.refund()), RunTerms.DEFAULTS));
            CompletableFuture<JavaRun> together = new CompletableFuture<>() {
                @Override
                public JavaRun get() throws InterruptedException {
                    complete(run);
                    throw new InterruptedException();
                }
            };
            assertThatThrownBy(() -> Caller.claim(() -> together)).isExactlyInstanceOf(InterruptedException.class);
            assertGivenBack(broker);
        }
    }

    @Test
    void atWhateverMomentItComesNoRunIsLeftOpen(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        try (BlockingSesame sesame = Questions.of(broker)) {
            for (int round = 0; round < 150; round++) {
                Thread caller = Thread.ofVirtual().start(() -> runOf(sesame));
                long moment = System.nanoTime() + round * 100_000L;
                while (System.nanoTime() < moment) Thread.onSpinWait();
                caller.interrupt();
                assertThat(caller.join(Eventually.AT_MOST)).isTrue();
            }
            runOf(sesame);
            Eventually.until(
                    "no run is left open", () -> broker.getAsked().stream().noneMatch(InterruptRaceTest::isClaimed));
            assertThat(broker.getAsked())
                    .extracting(Questions::state)
                    .filteredOn(Objects::nonNull)
                    .contains(ExecutionState.SUCCEEDED)
                    .isSubsetOf(ExecutionState.SUCCEEDED, ExecutionState.FAILED);
        }
    }

    private static Object runOf(PendingApproval pending) {
        try {
            return pending.<String, RuntimeException>run(approval -> "ran");
        } catch (InterruptedException expected) {
            return expected;
        }
    }

    private static void runOf(BlockingSesame sesame) {
        try {
            sesame.approveAndRun(Questions.refund(), approval -> {});
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertGivenBack(FakeBroker broker) {
        String id = broker.getAsked().get(0).getId();
        Eventually.until("it is given back", () -> ExecutionState.FAILED.equals(Questions.state(broker)));
        broker.assertNeverRan(id);
    }

    private static boolean isClaimed(FakeBroker broker, String id) {
        return isClaimed(broker.approval(id));
    }

    private static boolean isClaimed(Approval approval) {
        return ExecutionState.CLAIMED.equals(Questions.state(approval));
    }
}
