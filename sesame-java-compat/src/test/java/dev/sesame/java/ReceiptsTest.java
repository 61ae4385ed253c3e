package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.Receipt;
import dev.sesame.ReceiptVerificationException;
import dev.sesame.ReceiptVerifier;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.Receipts;
import org.junit.jupiter.api.Test;

/** Receipts of the fake broker, as a test in Java uses them. */
class ReceiptsTest {
    private static BlockingSesame strict(FakeBroker broker) {
        return BlockingSesame.builder()
                .apiKey(broker.getApiKey())
                .brokerUrl(broker.serve())
                .requireReceipt(broker.getReceiptKeys())
                .build();
    }

    @Test
    void whatWasApprovedRunsWithAReceipt() throws Exception {
        try (FakeBroker broker = new FakeBroker();
                BlockingSesame sesame = strict(broker)) {
            broker.approver("kim").approvesAll();
            String ran = sesame.approve(request(), approval -> "ran");
            assertThat(ran).isEqualTo("ran");
            String id = broker.getAsked().get(0).getId();
            Receipt receipt = new ReceiptVerifier(broker.getReceiptKeys()).verify(sesame.receipt(id));
            assertThat(receipt.getApprovalId()).isEqualTo(id);
        }
    }

    @Test
    void nothingRunsWhereTheReceiptIsMissingOrAnothers() throws Exception {
        for (Receipts kind : new Receipts[] {Receipts.MISSING, Receipts.FOREIGN, Receipts.OF_A_DENIAL}) {
            try (FakeBroker broker = new FakeBroker();
                    BlockingSesame sesame = strict(broker)) {
                broker.approver("kim").approvesAll();
                broker.receipts(kind);
                assertThatThrownBy(() -> sesame.approve(request(), approval -> "ran"))
                        .as("%s", kind)
                        .isInstanceOf(ReceiptVerificationException.class);
                broker.assertNeverRan(broker.getAsked().get(0).getId());
            }
        }
    }

    private static ApprovalRequest request() {
        return ApprovalRequest.builder("payments.refund").build();
    }
}
