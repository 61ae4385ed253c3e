package dev.sesame.broker.egress

import io.kotest.matchers.shouldBe
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** Listens where nobody may call, on loopback of either kind, and knows who did. */
internal class Canary : AutoCloseable {
    private val listeners: List<ServerSocket> = buildList {
        repeat(2) { add(listen("127.0.0.1", 0)) }
        // The same ports once more where the machine has IPv6.
        toList().forEach { listener ->
            try {
                add(listen("::1", listener.localPort))
            } catch (_: IOException) {
                return@forEach
            }
        }
    }
    val ports: List<Int> = listeners.map { it.localPort }.distinct()
    private val callers = LinkedBlockingQueue<Int>()

    init {
        listeners.forEach { listener -> thread(isDaemon = true) { accept(listener) } }
    }

    /** A call of our own to each listener comes after all others: it must be the only one there. */
    fun shouldHaveHeardNobody() {
        val own = listeners.map { listener ->
            Socket(listener.inetAddress, listener.localPort).use { it.localPort }
        }
        val heard = own.map { callers.poll(10, TimeUnit.SECONDS) ?: error("the canary is deaf") } + generateSequence { callers.poll() }
        heard.sorted() shouldBe own.sorted()
    }

    override fun close() = listeners.forEach(ServerSocket::close)

    private fun accept(listener: ServerSocket) {
        while (!listener.isClosed) {
            try {
                listener.accept().use { callers.add(it.port) }
            } catch (_: IOException) {
                return
            }
        }
    }

    private fun listen(host: String, port: Int) = ServerSocket().apply { bind(InetSocketAddress(InetAddress.getByName(host), port)) }
}
