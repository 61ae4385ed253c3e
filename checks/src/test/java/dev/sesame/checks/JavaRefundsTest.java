package dev.sesame.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sesame.Approval;
import dev.sesame.ApprovalStatus;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Shown in part by docs/testing.md. */
@ExtendWith(FakeBrokerExtension.class)
class JavaRefundsTest {
    @Test
    void refundExpiresWhereNobodyAnswers(FakeBroker broker) throws Exception {
        ask(broker.serve(), broker.getApiKey());

        Approval asked = broker.awaitPending(Duration.ofSeconds(5));
        broker.assertAsked("payments.refund", "{\"cents\": 4200}");
        broker.getClock().advance(Duration.ofDays(1));

        assertEquals(ApprovalStatus.EXPIRED, broker.approval(asked.getId()).getStatus());
        broker.assertNeverRan(asked.getId());
    }

    @Test
    void refundIsApprovedByAScript(FakeBroker broker) throws Exception {
        broker.approver("kim")
                .approvesAll("fine", approval -> approval.getAction().startsWith("payments."));
        ask(broker.serve(), broker.getApiKey());
        assertEquals("kim", broker.getAsked().get(0).getDecision().getBy().getName());
    }

    /** The program under test, which takes the broker's address and its key. */
    private static void ask(String address, String key) throws IOException, InterruptedException {
        String body =
                "{\"action\": \"payments.refund\", \"summary\": \"Refund 42.00\", \"context\": {\"cents\": 4200}}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/v1/approvals"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        assertEquals(
                201,
                HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode());
    }
}
