package dev.sesame.checks;

import dev.sesame.java.WebhookAnswer;
import dev.sesame.java.WebhookReceiver;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

// What docs/java.md shows of servlets, compiled.

final class ServletWebhooks extends HttpServlet {
    private static final long serialVersionUID = 1;
    private final transient WebhookReceiver receiver;

    ServletWebhooks(WebhookReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        try {
            WebhookAnswer answer = receiver.receive(request.getInputStream(), headers);
            answer.retryAfter().ifPresent(time -> response.setIntHeader("Retry-After", (int) time.toSeconds()));
            response.setStatus(answer.status());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            response.setStatus(503);
        }
    }
}
