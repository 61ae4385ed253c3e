package dev.sesame.bench.faults

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import dev.sesame.WebhookSecret
import dev.sesame.WebhookVerificationException
import dev.sesame.WebhookVerifier
import java.net.InetAddress
import java.net.InetSocketAddress
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executors

/** The one to whom decisions are owed: it checks each webhook as users do, and takes it once it is in [history]. */
internal class Receiver(secret: String, private val history: History) : AutoCloseable {
    // The clock of a broker may be moved: that is no forgery.
    private val verifier = WebhookVerifier(WebhookSecret.of(secret), tolerance = Duration.ofMinutes(30))
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val told: MutableSet<String> = ConcurrentHashMap.newKeySet()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG).also {
        it.executor = threads
        it.createContext("/") { exchange -> exchange.use(::take) }
        it.start()
    }

    val url: String get() = "http://127.0.0.1:${server.address.port}/decisions"

    fun hasCome(approvalId: String): Boolean = approvalId in told

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private fun take(exchange: HttpExchange) {
        val body = exchange.requestBody.readAllBytes()
        try {
            val event = verifier.verify(body, exchange.requestHeaders)
            val webhookId = exchange.requestHeaders.getFirst("webhook-id")
            val facts = mapOf("id" to event.approvalId, "status" to "${event.status}", "webhook_id" to webhookId)
            history.keep(Line(Said.CAME, "webhook", event.dedupKey.orEmpty(), facts))
            told += event.approvalId
            exchange.sendResponseHeaders(TAKEN, NO_BODY)
        } catch (forged: WebhookVerificationException) {
            history.keep(Line(Said.FORGED, "webhook", "", mapOf("reason" to "${forged.reason}")))
            exchange.sendResponseHeaders(REFUSED, NO_BODY)
        }
    }

    private companion object {
        const val BACKLOG = 256
        const val TAKEN = 204
        const val REFUSED = 401
        const val NO_BODY = -1L
    }
}
