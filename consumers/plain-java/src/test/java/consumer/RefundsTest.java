package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import consumer.Refunds.Refund;
import dev.sesame.ApprovalDeniedException;
import dev.sesame.java.BlockingSesame;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class RefundsTest {
    private final Refund refund = new Refund("ana", 4_200);

    @Test
    void anApprovedRefundIsPaidOnce(FakeBroker broker) throws InterruptedException {
        broker.approver("kim").approvesAll();
        try (var sesame = BlockingSesame.of(broker.sesame())) {
            assertEquals("paid 4200 to ana", new Refunds(sesame).refund(refund));
        }
        broker.assertRanOnce(broker.assertAsked("payments.refund").getId());
    }

    @Test
    void aDeniedRefundIsNotPaid(FakeBroker broker) {
        broker.approver("kim").deniesAll("too much");
        try (var sesame = BlockingSesame.of(broker.sesame())) {
            var denied = assertThrows(ApprovalDeniedException.class, () -> new Refunds(sesame).refund(refund));
            assertEquals("too much", denied.getNote());
        }
        broker.assertNeverRan(broker.assertAsked("payments.refund").getId());
    }

    @Test
    void overARealPortItIsTheSame(FakeBroker broker) throws InterruptedException {
        broker.approver("kim").approvesAll();
        var sesame = BlockingSesame.builder()
                .apiKey(broker.getApiKey())
                .brokerUrl(broker.serve())
                .build();
        try (sesame) {
            assertEquals("paid 4200 to ana", new Refunds(sesame).refund(refund));
        }
    }
}
