package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sesame.InvalidRequestException;
import dev.sesame.testing.FakeBroker;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Calls go by the client that a program brings along, which here notes each way that it is asked for. */
class HttpClientTest {
    private final Queue<URI> asked = new ConcurrentLinkedQueue<>();
    private final HttpClient client =
            HttpClient.newBuilder().proxy(new Noting()).build();

    @Test
    void whoAsksGoesByIt() throws Exception {
        try (FakeBroker broker = new FakeBroker();
                BlockingSesame sesame = BlockingSesame.builder()
                        .apiKey(broker.getApiKey())
                        .brokerUrl(broker.serve())
                        .httpClient(client)
                        .build()) {
            broker.approver("ana").approvesAll();
            String said = sesame.approve(Questions.refund(1), approval -> "ran");
            assertThat(said).isEqualTo("ran");
            assertThat(asked).extracting(URI::getPath).contains("/v1/approvals");
        }
    }

    @Test
    void whoAnswersGoesByIt() throws Exception {
        try (FakeBroker broker = new FakeBroker();
                Approvers approvers = Approvers.builder(broker.approver("ana").getToken())
                        .brokerUrl(broker.serve())
                        .httpClient(client)
                        .build()) {
            assertThat(approvers.pending()).isEmpty();
            assertThat(asked).extracting(URI::getPath).contains("/v1/inbox");
        }
    }

    @Test
    void oneThatFollowsRedirectsIsRefused() {
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        var builder = BlockingSesame.builder().apiKey("sk_live_key").httpClient(follows);
        var refused = catchThrowableOfType(InvalidRequestException.class, builder::build);
        assertThat(refused.getFields()).containsKey("httpClient");
    }

    private final class Noting extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            asked.add(uri);
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException problem) {
            throw new AssertionError(problem);
        }
    }
}
