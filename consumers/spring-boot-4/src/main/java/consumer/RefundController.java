package consumer;

import dev.sesame.ApprovalDeniedException;
import dev.sesame.java.ApprovalRequest;
import dev.sesame.java.BlockingSesame;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RefundController {
    record Refund(String customer, long cents) {}

    private final BlockingSesame sesame;

    RefundController(BlockingSesame sesame) {
        this.sesame = sesame;
    }

    @PostMapping("/refunds")
    String refund(@RequestBody Refund refund) throws InterruptedException {
        var request = ApprovalRequest.builder("payments.refund")
                .summary("Refund " + refund.cents() + " cents to " + refund.customer())
                .context(refund)
                .build();
        return sesame.approve(request, approval -> {
            Refund approved = approval.contextAs(Refund.class);
            return "paid " + approved.cents() + " to " + approved.customer() + " by " + Thread.currentThread();
        });
    }

    @ExceptionHandler
    ResponseEntity<String> denied(ApprovalDeniedException denied) {
        return ResponseEntity.status(HttpStatus.FORBIDDEN).body(denied.getMessage());
    }
}
