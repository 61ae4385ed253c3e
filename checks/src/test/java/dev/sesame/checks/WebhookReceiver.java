package dev.sesame.checks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.sesame.WebhookEvent;
import dev.sesame.WebhookReason;
import dev.sesame.WebhookSecret;
import dev.sesame.WebhookVerificationException;
import dev.sesame.WebhookVerifier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

// What docs/webhooks.md shows of Java, compiled, and run by WebhookPageTest. With the JDK's own server, as an example
// of any.

/** Receives webhooks, and hands on those that are genuine. */
final class WebhookReceiver implements HttpHandler {
    private static final int MAX_BODY_BYTES = 1024 * 1024;
    private final WebhookVerifier verifier;
    private final Consumer<WebhookEvent> inbox;
    private final Consumer<WebhookReason> log;

    WebhookReceiver(String secret, Consumer<WebhookEvent> inbox, Consumer<WebhookReason> log) {
        this.verifier = new WebhookVerifier(WebhookSecret.of(secret));
        this.inbox = inbox;
        this.log = log;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        exchange.sendResponseHeaders(answer(body, exchange.getRequestHeaders()), -1); // a status, never a body
        exchange.close();
    }

    private int answer(byte[] body, Map<String, List<String>> headers) {
        if (body.length > MAX_BODY_BYTES) return 413;
        try {
            WebhookEvent event = verifier.verify(body, headers);
            inbox.accept(event); // stores it: what is acknowledged doesn't come again
            return 204;
        } catch (WebhookVerificationException refused) {
            log.accept(refused.getReason());
            return refused.getReason().isGenuine() ? 400 : 401;
        }
    }
}
