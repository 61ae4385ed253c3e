package dev.sesame

import dev.sesame.internal.Claim
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.withoutSecrets
import io.ktor.client.engine.HttpClientEngine
import java.net.http.HttpClient
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** How a [Sesame] client reaches its broker. What is not set here comes from the system property, then from the environment. */
public class SesameConfig internal constructor() {
    /** `sk_live_…`, or `sk_test_…` where [allowTestMode] is set; else `sesame.api.key`, else `SESAME_API_KEY`. */
    public var apiKey: String? = null

    /** The broker's address, without a password; else `sesame.broker.url`, else `SESAME_BROKER_URL`, else `https://getsesame.dev`. */
    public var brokerUrl: String? = null

    /**
     * The JDK's client for all calls, closed by whoever made it: for a certificate authority of your own, a client certificate or a proxy. It
     * must not follow redirects, and before Java 24 have no authenticator. It is used for HTTP/1.1; how long it keeps connections, and tries to
     * connect, is its own. `null` makes one, which trusts what the platform trusts, goes by the proxy that system properties name, and is ended
     * with the [Sesame].
     */
    public var httpClient: HttpClient? = null

    /** The Ktor engine for all calls instead, closed by whoever made it: for tests, or where a program has one anyway. */
    public var engine: HttpClientEngine? = null

    /** Whether a plain `http` address other than loopback is accepted: everyone on the way can read the key. */
    public var allowPlainHttp: Boolean = false

    /** Whether a broker that hands out no claims is refused: without claims a block may run more than once. */
    public var requireClaim: Boolean = false

    /**
     * Whether nothing is run without a receipt of the approval that one of [receiptKeys] signed: then not even who controls the way to the
     * broker, or its database, can make a block run. One more call each time; needs [receiptKeys].
     */
    public var requireReceipt: Boolean = false

    /** The broker's public keys, kept beside your configuration; see [ReceiptKeys.fromJwks]. */
    public var receiptKeys: ReceiptKeys? = null

    /** Whether approvals of test mode count, which no person gave; without it a client with a test key isn't made. */
    public var allowTestMode: Boolean = false

    /** Whether a request is withdrawn when its caller is cancelled or times out. */
    public var cancelOnAbandon: Boolean = false

    /** Whether each wait holds a long poll of its own, also where the broker offers the shared stream: for proxies that break streams. */
    public var longPollOnly: Boolean = false

    /** How long a call that isn't a wait is tried again before it fails: 0 tries once. */
    public var retryFor: Duration = 30.seconds

    /** Hears what happens; the default writes to SLF4J at debug. */
    public var listener: SesameListener = SesameListener.Logging

    /** Where the client's own coroutines run; `null` is threads of its own. For tests in virtual time. */
    @InternalSesameApi public var context: CoroutineContext? = null

    /** By what it measures time; `null` is the system's. For tests in virtual time. */
    @InternalSesameApi public var time: TimeSource.WithComparableMarks? = null

    /** How long a claim holds without being renewed, 10 s to 5 min. For tests that wait until it lapses. */
    @InternalSesameApi public var lease: Duration = Claim.LEASE

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "SesameConfig(brokerUrl=${brokerUrl?.let(::withoutSecrets)})"
}
