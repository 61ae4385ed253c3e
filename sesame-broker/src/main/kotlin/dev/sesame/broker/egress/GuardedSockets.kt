package dev.sesame.broker.egress

import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.Socket
import java.net.SocketAddress
import javax.net.SocketFactory

/** The last door before the network: sockets that judge whom they connect to before the first packet leaves. No resolver gets past it. */
internal class GuardedSockets(private val egress: Egress) : SocketFactory() {
    override fun createSocket(): Socket = GuardedSocket(egress)

    override fun createSocket(host: String, port: Int): Socket = throw connected()

    override fun createSocket(host: String, port: Int, localHost: InetAddress, localPort: Int): Socket = throw connected()

    override fun createSocket(host: InetAddress, port: Int): Socket = throw connected()

    override fun createSocket(address: InetAddress, port: Int, localAddress: InetAddress, localPort: Int): Socket = throw connected()

    private fun connected() = UnsupportedOperationException("only sockets that are not connected yet are made here")
}

/** Without a proxy, lest the JVM's own settings of one decide where it leads. */
private class GuardedSocket(private val egress: Egress) : Socket(Proxy.NO_PROXY) {
    override fun connect(endpoint: SocketAddress?, timeout: Int) {
        // Whether the request is plain http was judged before: here it is not known, and does not matter.
        val peer = (endpoint as? InetSocketAddress)?.address ?: throw AddressRefused("the host was not resolved")
        egress.refusal(peer, endpoint.port, isSecure = true)?.let { throw AddressRefused(it) }
        super.connect(endpoint, timeout)
    }
}

/** Nothing was sent, since it would have gone where webhooks must not go. */
internal class AddressRefused(reason: String) : IOException(reason)
