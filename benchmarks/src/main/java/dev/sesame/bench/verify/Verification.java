package dev.sesame.bench.verify;

import com.standardwebhooks.Webhook;
import com.stripe.exception.SignatureVerificationException;
import dev.sesame.WebhookEvent;
import dev.sesame.WebhookSecret;
import dev.sesame.WebhookSigner;
import dev.sesame.WebhookStamp;
import dev.sesame.WebhookVerifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One webhook of 1,024 bytes, verified in each way; a Mac alone is what none of them can beat. In Java, as JMH's generator reads that. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Verification {
    private static final int BODY_BYTES = 1024;
    private static final int TOLERANCE_SECONDS = 300;
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String STRIPE_SECRET = "whsec_0123456789abcdef0123456789abcdef";

    private final WebhookSecret secret = WebhookSecret.random();
    private final WebhookVerifier verifier = new WebhookVerifier(secret);
    private byte[] body;
    private String text;
    private Map<String, List<String>> headers;
    private Mac mac;
    private Webhook standard;
    private String stripeHeader;

    /** Signs just before each fork's run: all but the Mac look at the time. */
    @Setup
    public void sign() throws GeneralSecurityException, com.standardwebhooks.exceptions.EmptyWebhookSecretException {
        body = event();
        text = new String(body, StandardCharsets.UTF_8);
        headers = new HashMap<>();
        new WebhookSigner(secret).headers(ID, body).forEach((name, value) -> headers.put(name, List.of(value)));
        mac = macOf(body);
        standard = new Webhook(secret.reveal());
        long now = Instant.now().getEpochSecond();
        byte[] signed = (now + "." + text).getBytes(StandardCharsets.UTF_8);
        byte[] code = macOf(STRIPE_SECRET.getBytes(StandardCharsets.UTF_8)).doFinal(signed);
        stripeHeader = "t=" + now + ",v1=" + HexFormat.of().formatHex(code);
    }

    private static Mac macOf(byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac;
    }

    /** An approved event, with a note that fills it up. */
    private static byte[] event() {
        String start =
                "{\"type\":\"approval.approved\",\"approval_id\":\"ap_aaaaaaaaaaaaaaaaaaaaaaaaaa\",\"action\":\"payments.refund\","
                        + "\"status\":\"approved\",\"decided_at\":\"2026-11-20T12:01:00Z\",\"requester_label\":\"support-bot\",\"mode\":\"live\","
                        + "\"context\":{\"amount\":4200,\"customer\":\"cus_1\"},\"note\":\"";
        return (start + "x".repeat(BODY_BYTES - start.length() - 2) + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** The floor: one Mac, kept, over the body alone. */
    @Benchmark
    public byte[] mac() {
        return mac.doFinal(body);
    }

    /** Ours: headers, time, signature. */
    @Benchmark
    public WebhookStamp sesame() {
        return verifier.authenticate(body, headers);
    }

    /** Ours, and then the event decoded and judged: what the two peers leave to the caller. */
    @Benchmark
    public WebhookEvent sesameAndEvent() {
        return verifier.verify(body, headers);
    }

    /** The reference library: headers, time, signature. */
    @Benchmark
    public void standardwebhooks() throws com.standardwebhooks.exceptions.WebhookVerificationException {
        standard.verify(text, headers);
    }

    /** Stripe's: header, time, signature. */
    @Benchmark
    public boolean stripe() throws SignatureVerificationException {
        return com.stripe.net.Webhook.Signature.verifyHeader(text, stripeHeader, STRIPE_SECRET, TOLERANCE_SECONDS);
    }
}
