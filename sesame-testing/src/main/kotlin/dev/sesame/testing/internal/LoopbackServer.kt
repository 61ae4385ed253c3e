package dev.sesame.testing.internal

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URLDecoder
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/** The door with a port, on loopback: the JDK's own HTTP server on daemon threads. */
internal class LoopbackServer(private val routes: Routes) : AutoCloseable {
    private val threads: ExecutorService = Executors.newCachedThreadPool { task -> Thread(task, "sesame-fake").apply { isDaemon = true } }
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getByName(LOOPBACK), 0), 0)

    /** Where it listens. */
    val address: String get() = "http://$LOOPBACK:${server.address.port}"

    init {
        server.executor = threads
        server.createContext("/", ::handle)
        // The thread that accepts is what the thread that starts it is: a daemon.
        threads.submit { server.start() }.get()
    }

    private fun handle(exchange: HttpExchange) {
        exchange.use {
            try {
                runBlocking { write(exchange, routes.answer(exchange.toCall())) }
            } catch (_: IOException) {
                // The caller left, or the test wants it to think so: closing without an answer breaks the connection.
            } catch (_: InterruptedException) {
                // The broker is being closed.
            }
        }
    }

    private suspend fun write(exchange: HttpExchange, answer: HttpAnswer) {
        answer.headers.forEach { (name, value) -> exchange.responseHeaders.add(name, value) }
        val stream = answer.stream
        if (stream == null) {
            exchange.sendResponseHeaders(answer.status, if (answer.body.isEmpty()) NO_BODY else answer.body.size.toLong())
            exchange.responseBody.write(answer.body)
        } else {
            exchange.sendResponseHeaders(answer.status, CHUNKED)
            stream.writeTo { bytes ->
                exchange.responseBody.write(bytes)
                exchange.responseBody.flush()
            }
        }
    }

    private fun HttpExchange.toCall() = HttpCall(
        method = requestMethod,
        path = requestURI.rawPath,
        query = requestURI.rawQuery.orEmpty().split('&').filter { it.isNotEmpty() }
            .map { decoded(it.substringBefore('=')) to decoded(it.substringAfter('=', "")) },
        headers = requestHeaders.entries.associate { (name, values) -> name.lowercase() to values.first() },
        body = requestBody.readNBytes(LARGEST_BODY_BYTES + 1),
    )

    private fun decoded(text: String): String = URLDecoder.decode(text, Charsets.UTF_8)

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
        threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)
    }

    private companion object {
        const val LOOPBACK = "127.0.0.1"
        const val CHUNKED = 0L
        const val NO_BODY = -1L
        const val STOP_SECONDS = 5L
    }
}
