package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ProtocolException;
import dev.sesame.WebhookSigner;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Webhooks from which a rule left a value out. */
@ExtendWith(FakeBrokerExtension.class)
class RedactedTest {
    @Test
    void aHandlerGetsTheWholeAndNobodyElseTakesTheEventForIt(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            String id = Deliveries.ask(sesame);
            broker.approver("ana").approves(id);
            WebhookEvent event = redacted(broker);
            assertThat(event.redacted()).containsExactly("amount");
            assertThat(event.contextJson()).doesNotContain("4200");
            assertThatThrownBy(() -> event.contextAs(Questions.Refund.class))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("amount");

            List<String> handled = new ArrayList<>();
            DecisionHandlers handlers = DecisionHandlers.builder(sesame)
                    .on(
                            Questions.ACTION,
                            whole -> handled.add(
                                    whole.contextAs(Questions.Refund.class).amount() + " " + whole.redacted()))
                    .build();
            assertThat(handlers.dispatch(event).hasRun()).isTrue();
            assertThat(handled).containsExactly("4200 []");
            broker.assertRanOnce(id);
        }
    }

    private static WebhookEvent redacted(FakeBroker broker) {
        String whole = new String(Deliveries.only(broker).getBody(), StandardCharsets.UTF_8);
        String body =
                whole.replace("4200", "\"[redacted]\"").replace("\"edited\"", "\"redacted\":[\"amount\"],\"edited\"");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Map<String, List<String>> headers = new HashMap<>();
        new WebhookSigner(broker.getWebhookSecret())
                .headers("msg_1", bytes, broker.getClock().instant())
                .forEach((name, value) -> headers.put(name, List.of(value)));
        return Deliveries.verifier(broker).verify(bytes, headers);
    }
}
