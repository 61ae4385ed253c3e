package dev.sesame.broker.egress

import dev.sesame.broker.address.plainAddress
import okhttp3.Dns
import okhttp3.Interceptor
import okhttp3.RequestBody
import okhttp3.Response
import java.net.InetAddress
import java.net.UnknownHostException

/** Looks a host up, blocking; [UnknownHostException] where there is none. */
internal fun interface Resolver {
    fun addresses(host: String): List<InetAddress>

    companion object {
        val System = Resolver { InetAddress.getAllByName(it).toList() }
    }
}

/**
 * Judges every address of a host at each attempt: one that is refused refuses the attempt. What was judged is what is connected to; nobody
 * asks DNS a second time, so it can't answer otherwise. Literal hosts, for which OkHttp asks no DNS, are judged here all the same.
 */
internal class EgressInterceptor(private val egress: Egress, private val resolver: Resolver) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val url = chain.request().url
        val addresses = plainAddress(url.host)?.let(::listOf) ?: resolver.addresses(url.host)
        if (addresses.isEmpty()) throw UnknownHostException(url.host)
        addresses.firstNotNullOfOrNull { egress.refusal(it, url.port, url.isHttps) }?.let { throw AddressRefused(it) }
        val once = chain.request().newBuilder().method(chain.request().method, chain.request().body?.let(::Once)).build()
        return chain.withDns(Judged(url.host, addresses.toSet())).proceed(once)
    }
}

/** Knows one host. Two that say the same are equal: a connection is used again only while its host still has these addresses. */
private data class Judged(private val host: String, private val addresses: Set<InetAddress>) : Dns {
    override fun lookup(hostname: String): List<InetAddress> =
        if (hostname == host) addresses.toList() else throw UnknownHostException(hostname)
}

/** A body that is sent once: OkHttp would send again by itself after 408, and after 503 with `Retry-After: 0`. */
private class Once(private val body: RequestBody) : RequestBody() {
    override fun contentType() = body.contentType()

    override fun contentLength() = body.contentLength()

    override fun isOneShot() = true

    override fun writeTo(sink: okio.BufferedSink) = body.writeTo(sink)
}
