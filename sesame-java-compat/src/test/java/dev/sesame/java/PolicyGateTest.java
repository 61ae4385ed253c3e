package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.BrokerUnavailableException;
import dev.sesame.GateDecision;
import dev.sesame.GateOutcome;
import dev.sesame.GatedRun;
import dev.sesame.NotPermittedException;
import dev.sesame.testing.CallKind;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import dev.sesame.testing.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kotlin.Unit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The broker's policy from Java: what it says, and that nothing runs without its permission. */
@ExtendWith(FakeBrokerExtension.class)
class PolicyGateTest {
    private final ApprovalRequest permitted = request("payments.refund");
    private final ApprovalRequest denied = request("accounts.delete");

    @BeforeEach
    void policy(FakeBroker broker) {
        broker.policy(script -> {
            script.permit("payments.*", "refunds", "small enough");
            script.deny("accounts.*");
            return Unit.INSTANCE;
        });
    }

    @Test
    void aCheckTellsWhatThePolicySaysAndAsksNobody(FakeBroker broker) throws Exception {
        GateDecision decision = blocking(broker).checkPolicy(permitted);
        assertThat(decision.getOutcome()).isEqualTo(GateOutcome.EXECUTE);
        assertThat(decision.getRule()).isEqualTo("refunds");
        assertThat(decision.getReason()).isEqualTo("small enough");
        assertThat(async(broker).checkPolicy(denied).get(5, TimeUnit.SECONDS).getOutcome())
                .isEqualTo(GateOutcome.HALT);
        broker.assertNothingAsked();
    }

    @Test
    void theBlockRunsWhereItIsPermitted(FakeBroker broker) throws Exception {
        GatedRun<String> run = blocking(broker).<String, IOException>executeIfAllowed(permitted, () -> "paid");
        assertThat(run.hasRun()).isTrue();
        assertThat(run.getOrThrow()).isEqualTo("paid");
        assertThat(async(broker)
                        .executeIfAllowed(permitted, () -> "paid")
                        .get(5, TimeUnit.SECONDS)
                        .getOrThrow())
                .isEqualTo("paid");
    }

    @Test
    void theBlockDoesNotRunElse(FakeBroker broker) throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        GatedRun<Boolean> run = blocking(broker).executeIfAllowed(denied, () -> ran.getAndSet(true));
        assertThat(run.hasRun()).isFalse();
        assertThat(run.getOrNull()).isNull();
        assertThatThrownBy(run::getOrThrow).isInstanceOf(NotPermittedException.class);
        GatedRun<Boolean> later = async(broker)
                .executeIfAllowed(request("deploy"), () -> ran.getAndSet(true))
                .get(5, TimeUnit.SECONDS);
        assertThat(later.getDecision().getOutcome()).isEqualTo(GateOutcome.ABSTAIN);
        assertThat(ran).isFalse();
    }

    @Test
    void whatTheBlockThrowsPassesUnchanged(FakeBroker broker) {
        IOException own = new IOException("mine");
        assertThatThrownBy(() -> blocking(broker).executeIfAllowed(permitted, () -> {
                    throw own;
                }))
                .isSameAs(own);
        assertThatThrownBy(() -> async(broker)
                        .executeIfAllowed(permitted, () -> {
                            throw own;
                        })
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCause(own);
    }

    @Test
    void aFutureThatEndedEarlyRunsNothing(FakeBroker broker) {
        broker.fail(Fault.DROP, 3, CallKind.CHECK);
        AtomicBoolean ran = new AtomicBoolean();
        CompletableFuture<GatedRun<Boolean>> run = async(broker).executeIfAllowed(permitted, () -> ran.getAndSet(true));
        assertThat(run.cancel(false)).isTrue();
        assertThat(ran).isFalse();
    }

    @Test
    void aBrokerOutOfReachRunsNothing(FakeBroker broker) {
        broker.fail(Fault.DROP, 1_000, CallKind.CHECK);
        AtomicBoolean ran = new AtomicBoolean();
        try (BlockingSesame sesame = BlockingSesame.builder()
                .apiKey(broker.getApiKey())
                .brokerUrl(broker.serve())
                .retryFor(Duration.ofMillis(50))
                .build()) {
            assertThatThrownBy(() -> sesame.executeIfAllowed(permitted, () -> ran.getAndSet(true)))
                    .isInstanceOf(BrokerUnavailableException.class);
        }
        assertThat(ran).isFalse();
    }

    @Test
    void anInterruptedThreadRunsNothing(FakeBroker broker) {
        AtomicBoolean ran = new AtomicBoolean();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> blocking(broker).executeIfAllowed(permitted, () -> ran.getAndSet(true)))
                .isInstanceOf(InterruptedException.class);
        assertThat(ran).isFalse();
    }

    private static ApprovalRequest request(String action) {
        return ApprovalRequest.builder(action).context(Map.of("amount", 20)).build();
    }

    private static BlockingSesame blocking(FakeBroker broker) {
        return BlockingSesame.of(broker.sesame());
    }

    private static AsyncSesame async(FakeBroker broker) {
        return AsyncSesame.of(broker.sesame());
    }
}
