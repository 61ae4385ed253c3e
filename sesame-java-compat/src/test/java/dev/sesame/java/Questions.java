package dev.sesame.java;

import dev.sesame.ExecutionState;
import dev.sesame.testing.FakeBroker;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tests ask, and whom. */
final class Questions {
    static final String ACTION = "payments.refund";

    record Refund(long amount, String customer) {}

    private Questions() {}

    static ApprovalRequest refund() {
        return refund(4200);
    }

    static ApprovalRequest refund(long amount) {
        return ApprovalRequest.builder(ACTION)
                .context(new Refund(amount, "cus_1"))
                .build();
    }

    static ApprovalRequest plain() {
        return ApprovalRequest.builder(ACTION).context(Map.of()).build();
    }

    /** A client that reaches {@code broker} over a real socket. */
    static BlockingSesame over(FakeBroker broker) {
        return BlockingSesame.builder()
                .apiKey(broker.getApiKey())
                .brokerUrl(broker.serve())
                .build();
    }

    /** A client that reaches {@code broker} in this process. */
    static BlockingSesame of(FakeBroker broker) {
        return BlockingSesame.of(broker.sesame());
    }

    /** How far the run of {@code approval} got; {@code null} where nobody claimed it. */
    static @Nullable ExecutionState state(dev.sesame.Approval approval) {
        return approval.getExecution() == null ? null : approval.getExecution().getState();
    }

    /** The same for the first thing that was asked. */
    static @Nullable ExecutionState state(FakeBroker broker) {
        return state(broker.getAsked().get(0));
    }
}
