package dev.sesame.browser

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS

/** A server on this machine, with a thread for each call. */
internal open class LocalServer(answer: (HttpExchange) -> Unit) : AutoCloseable {
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100).apply {
        createContext("/") { it.use(answer) }
        executor = threads
        start()
    }
    val url = "http://127.0.0.1:${server.address.port}"

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }
}

/** A receiver of webhooks that wants none until it is [well]. */
internal class Moody(@Volatile var well: Boolean = false) : AutoCloseable {
    private val server = LocalServer { it.sendResponseHeaders(if (well) 204 else 410, -1) }
    val url = "${server.url}/decisions"

    override fun close() = server.close()
}

/** So much of Telegram's Bot API as linking an account and a test message take. */
internal class SmallBotApi : AutoCloseable {
    private val updates = LinkedBlockingQueue<String>()
    val sent = CopyOnWriteArrayList<String>()
    private val server = LocalServer { exchange ->
        val body = Json.parseToJsonElement(String(exchange.requestBody.readAllBytes())).jsonObject
        val answer = """{"ok":true,"result":${result(exchange.requestURI.path.substringAfterLast('/'), body)}}""".toByteArray()
        exchange.responseHeaders.add("Content-Type", "application/json")
        exchange.sendResponseHeaders(200, answer.size.toLong())
        exchange.responseBody.write(answer)
    }
    val settings = mapOf("SESAME_TELEGRAM_BOT_TOKEN" to TOKEN, "SESAME_TELEGRAM_API_URL" to server.url)

    private fun result(method: String, body: JsonObject): String = when (method) {
        "getMe" -> """{"id":1,"is_bot":true,"username":"sesame_test_bot"}"""

        "getUpdates" -> listOfNotNull(updates.poll(1, SECONDS)).toString()

        "sendMessage" -> {
            sent += body.getValue("text").jsonPrimitive.content
            """{"message_id":${sent.size},"chat":{"id":7,"type":"private"},"text":"x"}"""
        }

        else -> "true"
    }

    /** As when a person writes that to the bot. */
    fun write(text: String) {
        val id = 100 + sent.size
        val chat = """{"id":7,"type":"private"}"""
        updates +=
            """{"update_id":$id,"message":{"message_id":$id,"from":{"id":7,"is_bot":false},"chat":$chat,"text":${JsonPrimitive(text)}}}"""
    }

    override fun close() = server.close()

    companion object {
        const val TOKEN = "123456789:AAHtestTokenOfNobodysBot_0123456789-x"
    }
}
