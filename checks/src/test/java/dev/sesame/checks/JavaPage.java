package dev.sesame.checks;

import dev.sesame.ApprovalDeniedException;
import dev.sesame.ApprovalExpiredException;
import dev.sesame.ApprovalStatus;
import dev.sesame.ApprovalTimeoutException;
import dev.sesame.java.Approval;
import dev.sesame.java.ApprovalFilter;
import dev.sesame.java.ApprovalRequest;
import dev.sesame.java.AsyncSesame;
import dev.sesame.java.BlockingSesame;
import dev.sesame.java.DecisionHandlers;
import dev.sesame.java.PendingApproval;
import dev.sesame.java.RequireApproval;
import dev.sesame.java.RunOptions;
import dev.sesame.java.WebhookReceiver;
import dev.sesame.java.WebhookVerifier;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

// What docs/java.md shows, compiled, and run by JavaPageTest.

final class JavaPage {
    record Refund(String customer, long cents) {}

    record Receipt(String number) {}

    interface Payments {
        Receipt pay(Refund refund);
    }

    interface Refunds {
        @RequireApproval(
                action = "payments.refund",
                summary = "Refund {cents} cents to {customer}",
                dedupKey = "refund-{ticket}")
        Receipt refund(String customer, long cents, String ticket) throws InterruptedException;

        @RequireApproval(action = "payments.refund", summary = "Refund {cents} cents to {customer}")
        CompletableFuture<Receipt> refundLater(String customer, long cents);
    }

    private final Payments payments;

    JavaPage(Payments payments) {
        this.payments = payments;
    }

    static BlockingSesame client(String key, String url) {
        BlockingSesame sesame = BlockingSesame.builder()
                .apiKey(key)
                .brokerUrl(url)
                .cancelOnAbandon(true)
                .build();
        return sesame;
    }

    static ApprovalRequest request() {
        ApprovalRequest request = ApprovalRequest.builder("payments.refund")
                .summary("Refund 42.00 to Ana")
                .reason("Item arrived broken (ticket #882)")
                .context(new Refund("ana", 4_200))
                .dedupKey("refund-882")
                .expiresIn(Duration.ofHours(8))
                .validFor(Duration.ofMinutes(30))
                .requestedBy("support-bot for Kim")
                .riskScore(0.2)
                .build();
        return request;
    }

    Receipt blocking(BlockingSesame sesame, ApprovalRequest request) throws InterruptedException {
        Receipt receipt = sesame.approve(request, approval -> payments.pay(approval.contextAs(Refund.class)));
        return receipt;
    }

    CompletableFuture<Receipt> async(AsyncSesame sesame, ApprovalRequest request) {
        CompletableFuture<Receipt> receipt =
                sesame.approve(request, approval -> payments.pay(approval.contextAs(Refund.class)));
        return receipt;
    }

    CompletableFuture<String> ends(AsyncSesame sesame, ApprovalRequest request) {
        CompletableFuture<String> answer = sesame.approve(
                        request, approval -> payments.pay(approval.contextAs(Refund.class)))
                .thenApply(Receipt::number)
                .completeOnTimeout("still open", 10, TimeUnit.MINUTES);
        return answer;
    }

    String no(BlockingSesame sesame, ApprovalRequest request) throws InterruptedException {
        RunOptions options = RunOptions.defaults().timeout(Duration.ofMinutes(10));
        try {
            return sesame.approve(request, options, approval -> payments.pay(approval.contextAs(Refund.class)))
                    .number();
        } catch (ApprovalExpiredException expired) {
            return "nobody answered " + expired.getApprovalId();
        } catch (ApprovalDeniedException denied) {
            return "no, says " + denied.getDecidedBy() + ": " + denied.getNote();
        } catch (ApprovalTimeoutException later) {
            return "still open: " + later.getApprovalId();
        }
    }

    Receipt carefully(BlockingSesame sesame, ApprovalRequest request) throws Exception {
        RunOptions options = RunOptions.defaults().safeToRetry(problem -> problem instanceof ConnectException);
        return sesame.approve(request, options, approval -> overTheWire(approval.contextAs(Refund.class)));
    }

    private Receipt overTheWire(Refund refund) throws ConnectException {
        if (refund.cents() < 0) throw new ConnectException("nobody there");
        return payments.pay(refund);
    }

    List<ApprovalStatus> later(
            BlockingSesame sesame, ApprovalRequest request, Consumer<String> remember, Runnable answer)
            throws InterruptedException {
        PendingApproval pending = sesame.trigger(request);
        remember.accept(pending.id()); // on the broker's disk already; nobody has to wait for it here

        Approval now = pending.poll(); // as it stands, maybe pending
        answer.run();
        Approval soon = pending.poll(Duration.ofSeconds(5)); // the same, after at most 5 s
        Approval decided = pending.await(); // ended, one way or another: look at its status
        return List.of(now.status(), soon.status(), decided.status());
    }

    Receipt elsewhere(BlockingSesame sesame, String id) throws InterruptedException {
        return sesame.attach(id).run(approval -> payments.pay(approval.contextAs(Refund.class)));
    }

    List<Approval> open(BlockingSesame sesame) {
        ApprovalFilter filter =
                ApprovalFilter.all().status(ApprovalStatus.PENDING).action("payments.refund");
        try (var open = sesame.list(filter)) {
            return open.limit(1_000).toList();
        }
    }

    Receipt gated(BlockingSesame sesame, Refunds implementation) throws InterruptedException {
        Refunds refunds = sesame.gate(Refunds.class, implementation);
        return refunds.refund("ana", 4_200, "884");
    }

    List<Receipt> readme(BlockingSesame blocking, AsyncSesame futures) throws InterruptedException {
        ApprovalRequest request = ApprovalRequest.builder("payments.refund")
                .summary("Refund 42.00 to Ana")
                .reason("Item arrived broken (ticket #882)")
                .context(new Refund("ana", 4_200)) // a record
                .dedupKey("refund-882")
                .build();

        CompletableFuture<Receipt> soon = futures.approve(request, approval -> pay(approval.contextAs(Refund.class)));
        Receipt now = blocking.approve(request, approval -> pay(approval.contextAs(Refund.class)));
        return List.of(now, soon.join());
    }

    private Receipt pay(Refund refund) {
        return payments.pay(refund);
    }

    static ApprovalRequest contexts() {
        return ApprovalRequest.builder("payments.refund")
                .context(Map.of("customer", "ana", "cents", 4_200, "iban", "DE89370400440532013000"))
                .build();
    }

    WebhookReceiver webhooks(BlockingSesame sesame, String secret, Consumer<String> tell) {
        DecisionHandlers handlers = DecisionHandlers.builder(sesame)
                .on("payments.refund", event -> payments.pay(event.contextAs(Refund.class)))
                .onDenied(event -> tell.accept("no: " + event.note().orElse("without a word")))
                .build();
        return WebhookReceiver.of(WebhookVerifier.of(secret), handlers);
    }
}
