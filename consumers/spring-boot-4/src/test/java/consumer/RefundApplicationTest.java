package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sesame.java.BlockingSesame;
import dev.sesame.testing.FakeBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.main.allow-bean-definition-overriding=true")
class RefundApplicationTest {
    /** In place of the application's own client: one for a broker that this test holds, over a port. */
    @TestConfiguration
    static class WithFakeBroker {
        @Bean
        FakeBroker broker() {
            return new FakeBroker();
        }

        @Bean
        BlockingSesame sesame(FakeBroker broker) {
            return BlockingSesame.builder()
                    .apiKey(broker.getApiKey())
                    .brokerUrl(broker.serve())
                    .build();
        }
    }

    @Autowired
    private FakeBroker broker;

    @Autowired
    private Environment environment;

    @Test
    void anApprovedRefundIsPaidOnTheRequestsOwnVirtualThread() throws IOException, InterruptedException {
        broker.approver("kim").approvesAll();
        var answer = post("{\"customer\": \"ana\", \"cents\": 4200}");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().startsWith("paid 4200 to ana by VirtualThread[#"), answer.body());
        broker.assertRanOnce(broker.assertAsked("payments.refund").getId());
    }

    @Test
    void aDeniedRefundIsRefused() throws IOException, InterruptedException {
        broker.approver("kim").staysSilent();
        broker.approver("lee").deniesAll("too much");
        var answer = post("{\"customer\": \"bob\", \"cents\": 9900}");
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("too much"), answer.body());
        broker.approver("lee").staysSilent();
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        var address = URI.create("http://127.0.0.1:" + environment.getProperty("local.server.port") + "/refunds");
        var request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
