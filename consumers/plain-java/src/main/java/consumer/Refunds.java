package consumer;

import dev.sesame.java.ApprovalRequest;
import dev.sesame.java.BlockingSesame;

/** Pays refunds that somebody approved. */
public final class Refunds {
    /** What is asked, and what is paid. */
    public record Refund(String customer, long cents) {}

    private final BlockingSesame sesame;

    public Refunds(BlockingSesame sesame) {
        this.sesame = sesame;
    }

    public String refund(Refund refund) throws InterruptedException {
        var request = ApprovalRequest.builder("payments.refund")
                .summary("Refund " + refund.cents() + " cents to " + refund.customer())
                .context(refund)
                .build();
        return sesame.approve(request, approval -> pay(approval.contextAs(Refund.class)));
    }

    private static String pay(Refund refund) {
        return "paid " + refund.cents() + " to " + refund.customer();
    }
}
