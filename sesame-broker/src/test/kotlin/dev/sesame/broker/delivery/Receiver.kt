package dev.sesame.broker.delivery

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/** A webhook receiver on this machine. It keeps what it gets, and answers what [answer] says. */
internal class Receiver(private val port: Int = 0, @Volatile var answer: (Received) -> Reply = { Reply(204) }) : AutoCloseable {
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG).apply {
        createContext("/") { it.use(::receive) }
        executor = threads
        start()
    }

    val url = "http://127.0.0.1:${server.address.port}/hook"
    val received = CopyOnWriteArrayList<Received>()

    /** Returns when so many have come; fails where they don't. */
    fun await(count: Int, seconds: Long = 20): List<Received> {
        awaitThat("$count webhooks at $url", seconds) { received.size >= count }
        return received.toList()
    }

    private fun receive(exchange: HttpExchange) {
        val got = Received(
            exchange.requestURI.path,
            exchange.requestHeaders.entries.associate { (name, values) -> name.lowercase() to values.joinToString(",") },
            exchange.requestBody.readAllBytes(),
        )
        received += got
        val reply = answer(got)
        reply.headers.forEach { (name, value) -> exchange.responseHeaders.add(name, value) }
        val body = reply.body.toByteArray()
        exchange.sendResponseHeaders(reply.status, if (body.isEmpty()) -1 else body.size.toLong())
        if (body.isNotEmpty()) exchange.responseBody.write(body)
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private companion object {
        const val BACKLOG = 1_000
    }
}

internal class Reply(val status: Int, val body: String = "", val headers: Map<String, String> = emptyMap())

/** One webhook as it came. */
internal class Received(val path: String, val headers: Map<String, String>, val bytes: ByteArray) {
    val id: String get() = headers.getValue("webhook-id")
    val json: JsonObject by lazy { Json.parseToJsonElement(String(bytes)) as JsonObject }

    fun text(name: String): String? = (json[name] as? JsonPrimitive)?.contentOrNull
}

/** Returns as soon as [isSo]; fails where it isn't within [seconds]. */
internal fun awaitThat(what: String, seconds: Long = 20, isSo: () -> Boolean) {
    val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)
    var so = isSo()
    while (!so && System.nanoTime() < end) {
        Thread.onSpinWait()
        java.util.concurrent.locks.LockSupport.parkNanos(5_000_000)
        so = isSo()
    }
    withClue("within $seconds s: $what") { so shouldBe true }
}
