package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.ReceiptKeys;
import dev.sesame.internal.JavaValues;
import dev.sesame.java.internal.Callbacks;
import dev.sesame.java.internal.SharedClient;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a client reaches its broker. What is not set here comes from the system property, then from the environment. Not for use by several
 * threads at once.
 *
 * @param <V> the view that is built.
 */
public final class SesameBuilder<V> {
    private final Function<SharedClient, V> view;
    private @Nullable String apiKey;
    private @Nullable String brokerUrl;
    private boolean allowPlainHttp;
    private boolean requireClaim;

    @Nullable
    private ReceiptKeys receiptKeys;

    private boolean allowTestMode;
    private boolean cancelOnAbandon;
    private boolean longPollOnly;
    private @Nullable Duration retryFor;
    private @Nullable HttpClient httpClient;
    private @Nullable SesameListener listener;
    private Executor executor = Callbacks.DEFAULT;

    SesameBuilder(Function<SharedClient, V> view) {
        this.view = view;
    }

    /** {@code sk_live_…}; else {@code sesame.api.key}, else {@code SESAME_API_KEY}. */
    public SesameBuilder<V> apiKey(String apiKey) {
        this.apiKey = requireNonNull(apiKey, "apiKey");
        return this;
    }

    /**
     * The broker's address, without a password; else {@code sesame.broker.url}, else {@code SESAME_BROKER_URL}, else {@code
     * https://getsesame.dev}.
     */
    public SesameBuilder<V> brokerUrl(String brokerUrl) {
        this.brokerUrl = requireNonNull(brokerUrl, "brokerUrl");
        return this;
    }

    /** Whether a plain {@code http} address other than loopback is accepted: everyone on the way can read the key. Else not. */
    public SesameBuilder<V> allowPlainHttp(boolean allowPlainHttp) {
        this.allowPlainHttp = allowPlainHttp;
        return this;
    }

    /** Whether a broker that hands out no claims is refused: without claims a block may run more than once. Else not. */
    public SesameBuilder<V> requireClaim(boolean requireClaim) {
        this.requireClaim = requireClaim;
        return this;
    }

    /**
     * Runs nothing without a receipt of the approval that one of these keys signed: then not even who controls the way to the broker, or its
     * database, can make a block run. One more call each time. Else the broker's word is enough.
     */
    public SesameBuilder<V> requireReceipt(ReceiptKeys keys) {
        this.receiptKeys = requireNonNull(keys, "keys");
        return this;
    }

    /** Whether approvals of test mode count. Else not. */
    public SesameBuilder<V> allowTestMode(boolean allowTestMode) {
        this.allowTestMode = allowTestMode;
        return this;
    }

    /** Whether a question is withdrawn when its caller is interrupted, ends its future early, or times out. Else not. */
    public SesameBuilder<V> cancelOnAbandon(boolean cancelOnAbandon) {
        this.cancelOnAbandon = cancelOnAbandon;
        return this;
    }

    /**
     * Whether each wait holds a long poll of its own, also where the broker offers the shared stream: for proxies that break streams. Else
     * not.
     */
    public SesameBuilder<V> longPollOnly(boolean longPollOnly) {
        this.longPollOnly = longPollOnly;
        return this;
    }

    /** How long a call that isn't a wait is tried again before it fails: 0 tries once; else 30 seconds. */
    public SesameBuilder<V> retryFor(Duration retryFor) {
        this.retryFor = requireNonNull(retryFor, "retryFor");
        return this;
    }

    /**
     * What makes all calls, by HTTP/1.1: for a certificate authority of your own, a client certificate or a proxy. Whoever made it closes it; it
     * must not follow redirects, and before Java 24 have no authenticator. Else a client of its own, which trusts what the platform trusts.
     */
    public SesameBuilder<V> httpClient(HttpClient httpClient) {
        this.httpClient = requireNonNull(httpClient, "httpClient");
        return this;
    }

    /** Hears what happens; else it is written to SLF4J at debug. */
    public SesameBuilder<V> listener(SesameListener listener) {
        this.listener = requireNonNull(listener, "listener");
        return this;
    }

    /**
     * What runs the blocks and stages of futures; else each gets a virtual thread. Whoever made it closes it; where it takes no more, a block
     * that was approved doesn't run, and its claim is given back. The blocking view needs none: it runs blocks on their callers' threads.
     */
    public SesameBuilder<V> executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * The client; {@link dev.sesame.InvalidRequestException} where the key is missing, or the address or {@code httpClient} unusable. No call is
     * made yet.
     */
    public V build() {
        ToldListener told = listener == null ? null : new ToldListener(listener);
        return view.apply(new SharedClient(
                JavaValues.sesame(
                        apiKey,
                        brokerUrl,
                        allowPlainHttp,
                        requireClaim,
                        receiptKeys,
                        allowTestMode,
                        cancelOnAbandon,
                        longPollOnly,
                        retryFor,
                        httpClient,
                        told),
                executor));
    }

    /** For logs: never a key. */
    @Override
    public String toString() {
        return "SesameBuilder";
    }
}
