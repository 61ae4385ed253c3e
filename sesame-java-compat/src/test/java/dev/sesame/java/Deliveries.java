package dev.sesame.java;

import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.Webhook;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Webhooks of a fake broker, as they arrive at a receiver of these tests. */
final class Deliveries {
    static final String CALLBACK = "https://shop.example/sesame";

    private Deliveries() {}

    /** Asks for a refund whose decision is sent to the callback, and returns its id. */
    static String ask(BlockingSesame sesame) throws InterruptedException {
        return ask(sesame, Questions.ACTION);
    }

    static String ask(BlockingSesame sesame, String action) throws InterruptedException {
        return sesame.trigger(ApprovalRequest.builder(action)
                        .context(new Questions.Refund(4200, "cus_1"))
                        .callbackUrl(CALLBACK)
                        .build())
                .id();
    }

    static Webhook only(FakeBroker broker) {
        return broker.getWebhooks().get(0);
    }

    static Map<String, List<String>> headers(Webhook webhook) {
        Map<String, List<String>> headers = new HashMap<>(webhook.getHeaders());
        headers.put("Content-Type", List.of("application/json; charset=utf-8"));
        return headers;
    }

    static WebhookVerifier verifier(FakeBroker broker) {
        return verifier(broker, broker.getClock());
    }

    static WebhookVerifier verifier(FakeBroker broker, Clock clock) {
        return WebhookVerifier.builder()
                .secret(broker.getWebhookSecret())
                .clock(clock)
                .build();
    }

    /** The event that {@code webhook} tells, verified. */
    static WebhookEvent event(FakeBroker broker, Webhook webhook) {
        return verifier(broker).verify(webhook.getBody(), webhook.getHeaders());
    }
}
