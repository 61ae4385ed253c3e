package dev.sesame.broker.among

import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/** Hands each connection to the next of [targets] that takes it, as a proxy before several brokers does. */
internal class Balancer(targets: List<String>) : AutoCloseable {
    private val places = AtomicReference(targets)
    private val next = AtomicInteger()
    private val open = ConcurrentHashMap.newKeySet<Socket>()
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val server = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())

    val url = "http://127.0.0.1:${server.localPort}"

    init {
        threads.submit {
            while (!server.isClosed) {
                val socket = try {
                    server.accept()
                } catch (_: IOException) {
                    break
                }
                threads.submit { carry(socket) }
            }
        }
    }

    /** From now on these. */
    fun lead(targets: List<String>) = places.set(targets)

    private fun carry(caller: Socket) {
        val broker = reach() ?: return caller.close()
        open += listOf(caller, broker)
        threads.submit { pump(caller, broker) }
        pump(broker, caller)
    }

    private fun reach(): Socket? {
        val now = places.get()
        val first = next.getAndIncrement()
        return now.indices.firstNotNullOfOrNull { n ->
            val url = now[(first + n).mod(now.size)]
            val socket = Socket()
            try {
                socket.also { it.connect(InetSocketAddress("127.0.0.1", url.substringAfterLast(':').toInt()), CONNECT_MS) }
            } catch (_: IOException) {
                null.also { socket.close() }
            }
        }
    }

    private fun pump(from: Socket, to: Socket) {
        try {
            from.getInputStream().transferTo(to.getOutputStream())
            to.shutdownOutput()
        } catch (_: IOException) {
            from.close()
            to.close()
        }
    }

    override fun close() {
        server.close()
        open.forEach { it.close() }
        threads.shutdownNow()
    }

    private companion object {
        const val BACKLOG = 4_096
        const val CONNECT_MS = 1_000
    }
}
