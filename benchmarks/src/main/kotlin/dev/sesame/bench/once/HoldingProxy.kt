package dev.sesame.bench.once

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.io.IOException
import java.io.InputStream
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.Executors

/**
 * What one worker takes for the broker: it passes every call on as it is, and holds those that [holds] wants held.
 *
 * Where the broker doesn't answer, the worker's connection is cut as the broker's would be.
 */
internal class HoldingProxy(private val brokerUrl: String, private val replica: Int, private val holds: Holds) : AutoCloseable {
    private val client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG).also {
        it.executor = threads
        it.createContext("/") { exchange -> exchange.use { passOn(exchange) } }
        it.start()
    }

    val url: String get() = "http://127.0.0.1:${server.address.port}"

    override fun close() {
        server.stop(0)
        client.shutdownNow()
        threads.shutdownNow()
    }

    private fun passOn(exchange: HttpExchange) {
        val step = Step.of(exchange.requestURI.path)
        val body = exchange.requestBody.readAllBytes()
        if (step?.verb == "outcome" && !holds.pass(step.approvalId, Place.REPORT_SENT, replica)) return
        try {
            val answer = client.send(requestOf(exchange, body), BodyHandlers.ofInputStream())
            answer.body().use { if (step == null || mayAnswer(step, answer.statusCode())) answer(exchange, answer, it) }
        } catch (_: IOException) {
            // The broker is gone, or the worker: closing the exchange cuts what is left.
        }
    }

    private fun mayAnswer(step: Step, status: Int): Boolean {
        val isTaken = status < REFUSED
        if (step.verb == "outcome" && (isTaken || status == CONFLICT)) holds.reports += Reported(step.approvalId, replica, isTaken)
        val place = if (step.verb == "outcome") Place.REPORT_ANSWERED else Place.CLAIM_ANSWERED
        return !isTaken || holds.pass(step.approvalId, place, replica)
    }

    private fun requestOf(exchange: HttpExchange, body: ByteArray): HttpRequest {
        val request = HttpRequest.newBuilder(URI(brokerUrl + exchange.requestURI))
            .method(exchange.requestMethod, if (body.isEmpty()) BodyPublishers.noBody() else BodyPublishers.ofByteArray(body))
        exchange.requestHeaders.filterKeys { it.lowercase() !in ofTheConnection }
            .forEach { (name, values) -> values.forEach { request.header(name, it) } }
        return request.build()
    }

    private fun answer(exchange: HttpExchange, answer: HttpResponse<InputStream>, body: InputStream) {
        answer.headers().map().filterKeys { it.lowercase() !in ofTheConnection }.forEach { (name, values) ->
            exchange.responseHeaders[name] = values
        }
        val isStream = answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")
        if (isStream) return follow(exchange, answer.statusCode(), body)
        // Whole, or not at all: what the broker's death cuts off must not look like an end here.
        val whole = body.readAllBytes()
        exchange.sendResponseHeaders(answer.statusCode(), if (whole.isEmpty()) NOTHING else whole.size.toLong())
        exchange.responseBody.write(whole)
    }

    /** Piece by piece, as it comes. */
    private fun follow(exchange: HttpExchange, status: Int, body: InputStream) {
        exchange.sendResponseHeaders(status, 0)
        val piece = ByteArray(PIECE)
        while (true) {
            val count = body.read(piece)
            if (count < 0) break
            exchange.responseBody.write(piece, 0, count)
            exchange.responseBody.flush()
        }
    }

    private class Step(val approvalId: String, val verb: String) {
        companion object {
            private val form = Regex("/v1/approvals/(ap_[a-z2-7]{26})/(claim|outcome)")

            fun of(path: String): Step? = form.matchEntire(path)?.destructured?.let { (id, verb) -> Step(id, verb) }
        }
    }

    private companion object {
        const val BACKLOG = 256
        const val NOTHING = -1L
        const val PIECE = 8_192
        const val REFUSED = 300
        const val CONFLICT = 409
        val ofTheConnection = setOf("connection", "content-length", "expect", "host", "keep-alive", "transfer-encoding", "upgrade")
    }
}
