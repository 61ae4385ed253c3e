package dev.sesame.checks;

import dev.sesame.java.WebhookAnswer;
import dev.sesame.java.WebhookReceiver;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

// What docs/java.md shows of Spring, compiled, and called by JavaPageTest.

@RestController
final class SpringWebhooks {
    private final WebhookReceiver receiver;

    SpringWebhooks(WebhookReceiver receiver) {
        this.receiver = receiver;
    }

    @PostMapping("/webhooks/sesame")
    ResponseEntity<Void> decided(@RequestBody byte[] body, @RequestHeader MultiValueMap<String, String> headers)
            throws InterruptedException {
        WebhookAnswer answer = receiver.receive(body, headers);
        var response = ResponseEntity.status(answer.status());
        answer.retryAfter().ifPresent(time -> response.header("Retry-After", String.valueOf(time.toSeconds())));
        return response.build();
    }
}
