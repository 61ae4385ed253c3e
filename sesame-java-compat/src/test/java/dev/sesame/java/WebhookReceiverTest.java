package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.WebhookSecret;
import dev.sesame.WebhookSigner;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import dev.sesame.testing.Webhook;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The statuses that a framework is told to answer. */
@ExtendWith(FakeBrokerExtension.class)
class WebhookReceiverTest {
    @Test
    void aHandlerThatIsThroughIs204AndARepeatToo(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            WebhookReceiver receiver = receiver(broker, sesame, event -> {});
            Webhook webhook = approved(broker, sesame);
            assertThat(receiver.receive(webhook.getBody(), Deliveries.headers(webhook)))
                    .hasToString("204 handled");
            assertThat(receiver.receive(webhook.getBody(), Deliveries.headers(webhook)))
                    .hasToString("204 repeated");
        }
    }

    @Test
    void aHandlerThatFailsIs500(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            WebhookReceiver receiver = receiver(broker, sesame, event -> {
                throw new IllegalStateException("as this test wants it");
            });
            Webhook webhook = approved(broker, sesame);
            assertThat(receiver.receive(webhook.getBody(), Deliveries.headers(webhook)))
                    .hasToString("500 failed");
        }
    }

    @Test
    void whatAnotherCallRunsIs503AndIsToComeAgainSoon(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            WebhookReceiver receiver = receiver(broker, sesame, event -> {
                started.countDown();
                mayEnd.await(20, TimeUnit.SECONDS);
            });
            Webhook webhook = approved(broker, sesame);
            Thread first = Thread.ofVirtual().start(() -> receive(receiver, webhook));
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            WebhookAnswer answer = receiver.receive(webhook.getBody(), Deliveries.headers(webhook));
            assertThat(answer).hasToString("503 under_way");
            assertThat(answer.retryAfter()).contains(Duration.ofSeconds(5));
            mayEnd.countDown();
            assertThat(first.join(Eventually.AT_MOST)).isTrue();
        }
    }

    @Test
    void whatIsNotTrustedIs401AndSaysWhyToTheLogAlone(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            WebhookReceiver receiver = receiver(broker, sesame, event -> {});
            Webhook webhook = approved(broker, sesame);
            byte[] altered = webhook.getBody();
            altered[altered.length - 2]++;
            assertThat(receiver.receive(altered, Deliveries.headers(webhook))).hasToString("401 bad_signature");
            Map<String, List<String>> unsigned = Map.of("content-type", List.of("application/json"));
            assertThat(receiver.receive(webhook.getBody(), unsigned)).hasToString("401 missing_header");
            Map<String, List<String>> headers = Deliveries.headers(webhook);
            broker.getClock().advance(Duration.ofMinutes(6));
            assertThat(receiver.receive(webhook.getBody(), headers)).hasToString("401 too_old");
        }
    }

    @Test
    void whatIsGenuineButUnusableIs400(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            assertThat(receiver(broker, sesame, event -> {})
                            .receive(body, signed(broker.getWebhookSecret(), broker, body)))
                    .hasToString("400 bad_json");
        }
    }

    @Test
    void whatIsNoPlainJsonIs415(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            WebhookReceiver receiver = receiver(broker, sesame, event -> {});
            Webhook webhook = approved(broker, sesame);
            for (String type : List.of("text/plain", "application/jsonp", "application/json; charset=latin1", "")) {
                Map<String, List<String>> headers = Deliveries.headers(webhook);
                headers.put("Content-Type", List.of(type));
                assertThat(receiver.receive(webhook.getBody(), headers))
                        .as(type)
                        .hasToString("415 content_type");
            }
            Map<String, List<String>> compressed = Deliveries.headers(webhook);
            compressed.put("CONTENT-ENCODING", List.of("gzip"));
            assertThat(receiver.receive(webhook.getBody(), compressed)).hasToString("415 content_type");
            Map<String, List<String>> quoted = Deliveries.headers(webhook);
            quoted.put("Content-Type", List.of("Application/JSON; charset=\"UTF-8\""));
            assertThat(receiver.receive(webhook.getBody(), quoted)).hasToString("204 handled");
        }
    }

    @Test
    void whatIsTooLargeIs413AndReadNoFurther(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            WebhookReceiver receiver = receiver(broker, sesame, event -> {});
            byte[] large = new byte[WebhookReceiver.MAX_BODY_BYTES + 100];
            InputStream body = new ByteArrayInputStream(large);
            assertThat(receiver.receive(body, signed(broker.getWebhookSecret(), broker, large)))
                    .hasToString("413 too_large");
            assertThat(body.available()).isEqualTo(99);
        }
    }

    @Test
    void aStreamIsReceivedAsBytesAreAndNotReadWhereTheHeadersGiveItAway(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            WebhookReceiver receiver = receiver(broker, sesame, event -> {});
            Webhook webhook = approved(broker, sesame);
            InputStream unsigned = new ByteArrayInputStream(webhook.getBody());
            assertThat(receiver.receive(unsigned, Map.of("Content-Type", List.of("application/json")))
                            .status())
                    .isEqualTo(401);
            assertThat(unsigned.available()).isEqualTo(webhook.getBody().length);
            InputStream body = new ByteArrayInputStream(webhook.getBody());
            assertThat(receiver.receive(body, Deliveries.headers(webhook))).hasToString("204 handled");
        }
    }

    private static WebhookReceiver receiver(FakeBroker broker, BlockingSesame sesame, DecisionHandler handler) {
        DecisionHandlers handlers =
                DecisionHandlers.builder(sesame).on(Questions.ACTION, handler).build();
        return WebhookReceiver.of(Deliveries.verifier(broker), handlers);
    }

    private static Webhook approved(FakeBroker broker, BlockingSesame sesame) throws InterruptedException {
        broker.approver("ana").approves(Deliveries.ask(sesame));
        return Deliveries.only(broker);
    }

    private static Map<String, List<String>> signed(WebhookSecret secret, FakeBroker broker, byte[] body) {
        Map<String, List<String>> headers = new HashMap<>();
        new WebhookSigner(secret)
                .headers("msg_1", body, broker.getClock().instant())
                .forEach((name, value) -> headers.put(name, List.of(value)));
        headers.put("Content-Type", List.of("application/json"));
        return headers;
    }

    private static void receive(WebhookReceiver receiver, Webhook webhook) {
        try {
            assertThat(receiver.receive(webhook.getBody(), Deliveries.headers(webhook))
                            .status())
                    .isEqualTo(204);
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
