package dev.sesame

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors

/** A broker on a real socket that takes each question and holds each wait for good. */
internal class HeldServer : AutoCloseable {
    private val threads: ExecutorService = Executors.newCachedThreadPool { work -> Thread(work).apply { isDaemon = true } }
    private val server: HttpServer = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)

    /** Done once a wait is held. */
    val held = CompletableFuture<Unit>()
    val url: String get() = "http://127.0.0.1:${server.address.port}"

    init {
        server.executor = threads
        server.createContext("/v1/approvals") { exchange ->
            if (exchange.requestMethod ==
                "POST"
            ) {
                answer(exchange)
            } else {
                held.complete(Unit)
            }
        }
        server.start()
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private fun answer(exchange: HttpExchange) {
        val body = document("pending").toString().toByteArray()
        exchange.requestBody.readAllBytes()
        exchange.sendResponseHeaders(201, body.size.toLong())
        exchange.responseBody.use { it.write(body) }
    }
}
