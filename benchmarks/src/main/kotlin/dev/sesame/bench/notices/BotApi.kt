package dev.sesame.bench.notices

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong

/** Telegram's part on this machine, as far as one person in one chat needs it: it answers at once, and keeps when what came. */
internal class BotApi : AutoCloseable {
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val numbers = AtomicLong(1)
    private val updates = LinkedBlockingQueue<String>()

    /** When each text arrived. */
    private val sent = ConcurrentHashMap<String, Long>()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG).apply {
        createContext("/") { it.use(::serve) }
        executor = threads
        start()
    }
    val url = "http://127.0.0.1:${server.address.port}"

    /** The one person writes to the bot. */
    fun write(text: String) {
        val chat = """"chat": {"id": $PERSON, "type": "private"}, "from": {"id": $PERSON, "is_bot": false}"""
        updates += """{"update_id": ${numbers.incrementAndGet()}, "message": {"message_id": 1, $chat, "text": "$text"}}"""
    }

    /** When a message that holds [words] arrived; `null` where none does in time. */
    fun await(words: String): Long? {
        val end = System.nanoTime() + LONGEST_NS
        while (System.nanoTime() < end) {
            sent.entries.firstOrNull { words in it.key }?.let { return it.value }
            Thread.sleep(1)
        }
        return null
    }

    private fun serve(exchange: HttpExchange) {
        val at = System.nanoTime()
        val body = String(exchange.requestBody.readAllBytes())
        val result = when (exchange.requestURI.path.substringAfterLast('/')) {
            "getUpdates" -> "[${updates.poll(1, TimeUnit.SECONDS).orEmpty()}]"
            "sendMessage" -> """{"message_id": ${numbers.incrementAndGet()}}""".also { sent.putIfAbsent(body, at) }
            else -> """{"id": 1, "username": "bench_bot"}"""
        }
        val answer = """{"ok": true, "result": $result}""".toByteArray()
        exchange.sendResponseHeaders(OK, answer.size.toLong())
        exchange.responseBody.write(answer)
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    companion object {
        const val TOKEN = "1:0123456789012345678901234567890123456789"
        private const val PERSON = 7
        private const val BACKLOG = 100
        private const val OK = 200
        private const val LONGEST_NS = 20_000_000_000
    }
}
