package dev.sesame.broker.egress

import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttp
import okhttp3.ConnectionPool
import okhttp3.CookieJar
import okhttp3.Dispatcher
import okhttp3.Dns
import okhttp3.OkHttpClient
import okhttp3.Protocol
import java.net.Proxy
import java.net.UnknownHostException
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** What one webhook, and all together, may take. */
internal data class SendLimits(
    /** From the call to its end, the wait for a place, DNS and TLS included. */
    val overall: Duration = 15.seconds,
    val connect: Duration = 5.seconds,
    /** Calls under way to one host and port. */
    val toOneHost: Int = 32,
    val inAll: Int = 512,
)

/**
 * The one HTTP client that leaves the broker. It speaks HTTP/1.1 to whom [egress] lets it, follows no redirect, keeps no cookie, uses no
 * proxy, whatever the environment says, and sends nothing twice.
 */
internal fun guardedClient(
    egress: Egress,
    resolver: Resolver = Resolver.System,
    limits: SendLimits = SendLimits(),
    adjust: OkHttpClient.Builder.() -> Unit = {},
): HttpClient = HttpClient(OkHttp) {
    expectSuccess = false
    followRedirects = false
    engine {
        config {
            guarded(egress, resolver)
            limited(limits)
            adjust()
        }
    }
}

private fun OkHttpClient.Builder.guarded(egress: Egress, resolver: Resolver) {
    addInterceptor(EgressInterceptor(egress, resolver))
    dns(Unasked)
    socketFactory(GuardedSockets(egress))
    proxy(Proxy.NO_PROXY)
    followRedirects(false)
    followSslRedirects(false)
    cookieJar(CookieJar.NO_COOKIES)
    retryOnConnectionFailure(false)
    protocols(listOf(Protocol.HTTP_1_1))
}

private fun OkHttpClient.Builder.limited(limits: SendLimits) {
    connectTimeout(limits.connect.toJavaDuration())
    readTimeout(limits.overall.toJavaDuration())
    writeTimeout(limits.overall.toJavaDuration())
    callTimeout(limits.overall.toJavaDuration())
    // Places are given by host and port; a bound by host alone would let receivers on one machine wait for each other.
    dispatcher(Dispatcher().apply { maxRequests = limits.inAll }.apply { maxRequestsPerHost = limits.inAll })
    connectionPool(ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
}

/** The interceptor names the addresses; whoever comes past it finds none. */
private object Unasked : Dns {
    override fun lookup(hostname: String) = throw UnknownHostException(hostname)
}

/** Long enough for a burst, shorter than receivers wait: OkHttp doesn't notice that one has hung up on a connection idle for under 10 s. */
private const val IDLE_SECONDS = 1L
private const val IDLE_CONNECTIONS = 64
