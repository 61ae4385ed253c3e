package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.WebhookSecret;
import dev.sesame.WebhookShape;
import dev.sesame.WebhookStamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tells whether a webhook comes from who knows the secret, arrived as it was sent, and was sent just now. Thread-safe; make one and keep it.
 *
 * <p>Give it the body's raw bytes as they arrived: decoded and encoded again, they are others. What it throws, {@link
 * dev.sesame.WebhookVerificationException}, says why in its reason: log that, but answer only with a status. {@link WebhookReceiver} does all
 * that.
 */
public final class WebhookVerifier {
    private final dev.sesame.WebhookVerifier verifier;

    private WebhookVerifier(dev.sesame.WebhookVerifier verifier) {
        this.verifier = verifier;
    }

    /** For what is signed with {@code secret}, {@code whsec_…}; {@link dev.sesame.InvalidRequestException} where it is none. */
    public static WebhookVerifier of(String secret) {
        return builder().secret(secret).build();
    }

    /** Starts one with settings of its own. */
    public static Builder builder() {
        return new Builder();
    }

    /** The decision that Sesame's broker tells in {@code body}; {@code headers} by name, in whatever case. */
    public WebhookEvent verify(byte[] body, Map<String, List<String>> headers) {
        return new WebhookEvent(verifier.verify(body, headers));
    }

    /** Only the signature and the time, whatever {@code body} is: for webhooks of other systems. Returns what was signed beside the body. */
    public WebhookStamp authenticate(byte[] body, Map<String, List<String>> headers) {
        return verifier.authenticate(body, headers);
    }

    /** For logs: never a secret. */
    @Override
    public String toString() {
        return verifier.toString();
    }

    /** Puts a verifier together; at least one secret is needed. Not for use by several threads at once. */
    public static final class Builder {
        private final List<WebhookSecret> secrets = new ArrayList<>();
        private WebhookShape shape = WebhookShape.STANDARD;
        private Duration tolerance = Duration.ofMinutes(5);
        private boolean allowTestMode;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Accepts what is signed with {@code secret}, {@code whsec_…}; several, to 10, are accepted alike, for as long as a rotation takes.
         * {@link dev.sesame.InvalidRequestException} where it is none.
         */
        public Builder secret(String secret) {
            return secret(WebhookSecret.of(requireNonNull(secret, "secret")));
        }

        /** The same for a secret at hand. */
        public Builder secret(WebhookSecret secret) {
            secrets.add(requireNonNull(secret, "secret"));
            return this;
        }

        /** What the sender signs, and where it puts it; else Standard Webhooks, as Sesame's broker sends. */
        public Builder shape(WebhookShape shape) {
            this.shape = requireNonNull(shape, "shape");
            return this;
        }

        /** How far the sender's time may be from the clock's, either way: more than 0, to a day; else 5 minutes. */
        public Builder tolerance(Duration tolerance) {
            this.tolerance = requireNonNull(tolerance, "tolerance");
            return this;
        }

        /** Whether events of test mode count. Else not. */
        public Builder allowTestMode(boolean allowTestMode) {
            this.allowTestMode = allowTestMode;
            return this;
        }

        /** What the sender's time is compared with; else the system's clock. */
        public Builder clock(Clock clock) {
            this.clock = requireNonNull(clock, "clock");
            return this;
        }

        /** The verifier; {@link dev.sesame.InvalidRequestException} where a setting is out of its range. */
        public WebhookVerifier build() {
            return new WebhookVerifier(new dev.sesame.WebhookVerifier(secrets, shape, tolerance, allowTestMode, clock));
        }
    }
}
