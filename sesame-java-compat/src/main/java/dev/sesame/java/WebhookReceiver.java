package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.SesameException;
import dev.sesame.WebhookReason;
import dev.sesame.WebhookVerificationException;
import dev.sesame.java.internal.SentContent;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the decisions of Sesame's broker in any framework: give it the raw body and the headers, and answer with the status that it says.
 *
 * <p>The status is 204 when the handler is through; 503 while another call runs the same decision; 500 where it failed, so that the broker sends
 * it again; 401 where the signature doesn't hold; 400 where the content is genuine but unusable; 413 and 415 for a body that is too large or of
 * another type than JSON. Why is told to the log and by {@link WebhookAnswer#outcome()} alone. Thread-safe.
 */
public final class WebhookReceiver {
    /** The largest body in bytes, a mebibyte; let the framework refuse larger ones before it reads them. */
    public static final int MAX_BODY_BYTES = 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger("dev.sesame.java");
    private static final byte[] NOTHING = new byte[0];

    /** The broker's own shortest step between two attempts. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private final WebhookVerifier verifier;
    private final DecisionHandlers handlers;

    private WebhookReceiver(WebhookVerifier verifier, DecisionHandlers handlers) {
        this.verifier = requireNonNull(verifier, "verifier");
        this.handlers = requireNonNull(handlers, "handlers");
    }

    /** Of what {@code verifier} trusts, for {@code handlers}. */
    public static WebhookReceiver of(WebhookVerifier verifier, DecisionHandlers handlers) {
        return new WebhookReceiver(verifier, handlers);
    }

    /**
     * Verifies and dispatches, on the caller's thread; {@code headers} by name, in whatever case.
     *
     * @throws InterruptedException the thread was interrupted: answer nothing, or a 500. A handler that had started may have run.
     */
    public WebhookAnswer receive(byte[] body, Map<String, List<String>> headers) throws InterruptedException {
        WebhookAnswer refusal = refusal(headers);
        if (refusal != null) return refusal;
        if (body.length > MAX_BODY_BYTES) return new WebhookAnswer(413, "too_large");
        return verify(body, headers);
    }

    /** The same; of {@code body} no more is read than may be, and nothing where the headers alone give it away. It is left open. */
    public WebhookAnswer receive(InputStream body, Map<String, List<String>> headers)
            throws IOException, InterruptedException {
        WebhookAnswer refusal = refusal(headers);
        return refusal == null ? receive(body.readNBytes(MAX_BODY_BYTES + 1), headers) : refusal;
    }

    /** For logs: never a secret. */
    @Override
    public String toString() {
        return "WebhookReceiver(" + handlers + ")";
    }

    private @Nullable WebhookAnswer refusal(Map<String, List<String>> headers) {
        if (!SentContent.isPlainJson(headers)) return new WebhookAnswer(415, "content_type");
        try {
            verifier.authenticate(NOTHING, headers);
            return null;
        } catch (WebhookVerificationException problem) { // what the headers sign is another matter
            return problem.getReason().equals(WebhookReason.BAD_SIGNATURE) ? null : refused(401, problem);
        }
    }

    private WebhookAnswer verify(byte[] body, Map<String, List<String>> headers) throws InterruptedException {
        WebhookEvent event;
        try {
            event = verifier.verify(body, headers);
        } catch (WebhookVerificationException problem) {
            return refused(problem.getReason().isGenuine() ? 400 : 401, problem);
        }
        return handle(event);
    }

    private WebhookAnswer handle(WebhookEvent event) throws InterruptedException {
        try {
            DispatchResult result = handlers.dispatch(event);
            if (!result.mayAcknowledge()) return new WebhookAnswer(503, "under_way", SOON);
            return new WebhookAnswer(204, result.isRepeat() ? "repeated" : "handled");
        } catch (InterruptedException leaving) {
            throw leaving;
        } catch (SesameException problem) {
            log.warn("{} was not handled: {}", event, problem.getMessage());
        } catch (Exception problem) { // whatever the handler throws means the same: send it again
            log.error("{} failed", event, problem);
        }
        return new WebhookAnswer(500, "failed");
    }

    private static WebhookAnswer refused(int status, WebhookVerificationException problem) {
        log.warn("{}", problem.getMessage());
        return new WebhookAnswer(status, problem.getReason().getValue());
    }
}
