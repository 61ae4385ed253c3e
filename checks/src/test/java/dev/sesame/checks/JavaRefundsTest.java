package dev.sesame.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sesame.Approval;
import dev.sesame.ApprovalExpiredException;
import dev.sesame.java.ApprovalRequest;
import dev.sesame.java.AsyncSesame;
import dev.sesame.java.BlockingSesame;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Shown in part by docs/testing.md. */
@ExtendWith(FakeBrokerExtension.class)
class JavaRefundsTest {
    private final ApprovalRequest refund = ApprovalRequest.builder("payments.refund")
            .context(Map.of("cents", 4_200))
            .build();

    @Test
    void refundIsPaidAfterAYesOnce(FakeBroker broker) throws Exception {
        broker.approver("kim").approvesAll();
        BlockingSesame sesame = BlockingSesame.of(broker.sesame());

        assertEquals("paid", sesame.approve(refund, approval -> "paid"));

        Approval asked = broker.assertAsked("payments.refund", "{\"cents\": 4200}");
        broker.assertRanOnce(asked.getId());
    }

    @Test
    void refundExpiresWhereNobodyAnswers(FakeBroker broker) throws Exception {
        AsyncSesame sesame = AsyncSesame.of(broker.sesame());
        CompletableFuture<String> paid = sesame.approve(refund, approval -> "paid");

        Approval asked = broker.awaitPending(Duration.ofSeconds(5));
        broker.getClock().advance(Duration.ofDays(1));

        ExecutionException expired = assertThrows(ExecutionException.class, paid::get);
        assertInstanceOf(ApprovalExpiredException.class, expired.getCause());
        broker.assertNeverRan(asked.getId());
    }
}
