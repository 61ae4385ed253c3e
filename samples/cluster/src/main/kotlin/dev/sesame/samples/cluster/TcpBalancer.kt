package dev.sesame.samples.cluster

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/** Passes each connection on to the next of [brokers] that takes it. It knows nothing of HTTP: take a real proxy for anything real. */
internal class TcpBalancer(private val brokers: List<Int>, port: Int) : Proxy {
    override val url = "http://127.0.0.1:$port"
    override val kind = "a plain TCP balancer of this demo's: with nginx installed, the real one"
    private val turn = AtomicInteger()
    private val open: MutableSet<Socket> = ConcurrentHashMap.newKeySet()
    private val server = ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress())
    private val accepting = Thread.ofVirtual().start(::accept)

    override fun close() {
        server.close()
        accepting.join()
        open.forEach { it.close() }
    }

    private fun accept() {
        while (!server.isClosed) {
            val caller = try {
                server.accept()
            } catch (_: IOException) {
                return
            }
            Thread.ofVirtual().start { serve(caller) }
        }
    }

    private fun serve(caller: Socket) {
        val broker = connect() ?: return caller.close()
        open += setOf(caller, broker)
        val back = Thread.ofVirtual().start { pass(broker, caller) }
        pass(caller, broker)
        back.join()
        open -= setOf(caller, broker)
    }

    private fun connect(): Socket? = brokers.indices.firstNotNullOfOrNull {
        try {
            Socket(InetAddress.getLoopbackAddress(), brokers[Math.floorMod(turn.getAndIncrement(), brokers.size)])
        } catch (_: IOException) {
            null
        }
    }

    /** The end of either direction ends both. */
    private fun pass(from: Socket, to: Socket) {
        try {
            from.getInputStream().transferTo(to.getOutputStream())
        } catch (_: IOException) {
            // One of them is gone.
        }
        from.close()
        to.close()
    }

    private companion object {
        const val BACKLOG = 1_024
    }
}
