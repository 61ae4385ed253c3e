package dev.sesame.bench.webhooks

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.util.concurrent.Executors

/** What kind of receiver it is. */
internal enum class Kind { WELL, DEAD, FAILING, SLOW }

/** One receiver, at a port of its own. */
internal class Receiver(val kind: Kind, val url: String) {
    /** Whether it answers 2xx in the end. */
    val takes: Boolean get() = kind == Kind.WELL || kind == Kind.SLOW
}

/** [count] receivers on this machine: 5 % dead, 5 % failing, 1 % slow, at least one of each; the others are well. */
internal class Receivers(count: Int, private val decided: Decided) : AutoCloseable {
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val open = ArrayList<AutoCloseable>()
    val all: List<Receiver> = List(count) { index ->
        when {
            index < share(count, TROUBLED_PERCENT) -> dead()
            index < 2 * share(count, TROUBLED_PERCENT) -> serving(Kind.FAILING)
            index < 2 * share(count, TROUBLED_PERCENT) + share(count, 1) -> serving(Kind.SLOW)
            else -> serving(Kind.WELL)
        }
    }

    val inWords: String get() = all.groupingBy {
        it.kind
    }.eachCount().entries.joinToString { (kind, count) -> "$count ${kind.name.lowercase()}" }

    private fun share(count: Int, percent: Int) = maxOf(1, count * percent / 100)

    /** It takes connections, and never says a word. */
    private fun dead(): Receiver {
        val socket = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()).also(open::add)
        return Receiver(Kind.DEAD, "http://127.0.0.1:${socket.localPort}/")
    }

    private fun serving(kind: Kind): Receiver {
        val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG)
        server.createContext("/") { it.use { exchange -> receive(kind, exchange) } }
        server.executor = threads
        server.start()
        open += AutoCloseable { server.stop(0) }
        return Receiver(kind, "http://127.0.0.1:${server.address.port}/")
    }

    private fun receive(kind: Kind, exchange: HttpExchange) {
        val at = System.nanoTime()
        val body = String(exchange.requestBody.readAllBytes())
        if (kind == Kind.SLOW) Thread.sleep(SLOW_MS)
        val id = checkNotNull(APPROVAL.find(body)) { "no webhook: $body" }.groupValues[1]
        if (kind != Kind.FAILING) decided.arrived(id, exchange.requestHeaders.getFirst("webhook-id"), at)
        exchange.sendResponseHeaders(if (kind == Kind.FAILING) FAILED else TAKEN, -1)
    }

    override fun close() {
        open.forEach { it.close() }
        threads.shutdownNow()
    }

    private companion object {
        const val TROUBLED_PERCENT = 5
        const val BACKLOG = 200
        const val SLOW_MS = 5_000L
        const val FAILED = 500
        const val TAKEN = 204
        val APPROVAL = Regex(""""approval_id":"(ap_[a-z2-7]+)"""")
    }
}
