package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.internal.JavaApprovers;
import dev.sesame.java.internal.Callbacks;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How an approver's code reaches the broker. Not for use by several threads at once.
 *
 * @param <V> the view that is built.
 */
public final class ApproversBuilder<V> {
    private final String token;
    private final BiFunction<JavaApprovers, Executor, V> view;
    private @Nullable String brokerUrl;
    private boolean allowPlainHttp;
    private @Nullable Duration retryFor;
    private @Nullable HttpClient httpClient;
    private Executor executor = Callbacks.DEFAULT;

    ApproversBuilder(String token, BiFunction<JavaApprovers, Executor, V> view) {
        this.token = requireNonNull(token, "token");
        this.view = view;
    }

    /**
     * The broker's address, without a password; else {@code sesame.broker.url}, else {@code SESAME_BROKER_URL}, else {@code
     * https://getsesame.dev}.
     */
    public ApproversBuilder<V> brokerUrl(String brokerUrl) {
        this.brokerUrl = requireNonNull(brokerUrl, "brokerUrl");
        return this;
    }

    /** Whether a plain {@code http} address other than loopback is accepted: everyone on the way can read the token. Else not. */
    public ApproversBuilder<V> allowPlainHttp(boolean allowPlainHttp) {
        this.allowPlainHttp = allowPlainHttp;
        return this;
    }

    /** How long a call is tried again before it fails: 0 tries once; else 30 seconds. */
    public ApproversBuilder<V> retryFor(Duration retryFor) {
        this.retryFor = requireNonNull(retryFor, "retryFor");
        return this;
    }

    /**
     * What makes all calls, by HTTP/1.1: for a certificate authority of your own, a client certificate or a proxy. Whoever made it closes it; it
     * must not follow redirects, and before Java 24 have no authenticator. Else a client of its own, which trusts what the platform trusts.
     */
    public ApproversBuilder<V> httpClient(HttpClient httpClient) {
        this.httpClient = requireNonNull(httpClient, "httpClient");
        return this;
    }

    /** What runs the stages of futures; else each gets a virtual thread. Whoever made it closes it. */
    public ApproversBuilder<V> executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * The view; {@link dev.sesame.InvalidRequestException} where the token or the address is none, or {@code httpClient} unusable. No call is made
     * yet.
     */
    public V build() {
        return view.apply(new JavaApprovers(token, brokerUrl, allowPlainHttp, retryFor, httpClient), executor);
    }

    /** For logs: never a token. */
    @Override
    public String toString() {
        return "ApproversBuilder";
    }
}
