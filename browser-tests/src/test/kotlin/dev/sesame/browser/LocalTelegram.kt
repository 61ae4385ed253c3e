package dev.sesame.browser

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.longOrNull
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicLong

/** Plays Telegram on this machine, as far as a broker needs it to link accounts and to send. */
internal class LocalTelegram : AutoCloseable {
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100).apply {
        createContext("/") { it.use(::serve) }
        executor = threads
        start()
    }
    private val numbers = AtomicLong(100)
    private val updates = LinkedBlockingQueue<JsonObject>()
    private val linked = LinkedBlockingQueue<String>()

    /** While it is so, messages are refused, with a failure that passes. */
    @Volatile var isDown = false

    /** What makes a broker call it. */
    val environment = mapOf(
        "SESAME_TELEGRAM_BOT_TOKEN" to "123456789:AAHtestTokenOfNobodysBot_0123456789-x",
        "SESAME_TELEGRAM_API_URL" to "http://127.0.0.1:${server.address.port}",
    )

    /** Somebody sends that from a new account; returns when the bot has answered that it is linked. */
    fun link(command: String) {
        write(numbers.incrementAndGet(), command)
        checkNotNull(linked.poll(PATIENCE_SECONDS, SECONDS)) { "not linked" }
    }

    private fun write(account: Long, text: String) {
        updates += buildJsonObject {
            put("update_id", numbers.incrementAndGet())
            putJsonObject("message") {
                put("message_id", numbers.incrementAndGet())
                putJsonObject("from") {
                    put("id", account)
                    put("is_bot", false)
                }
                putJsonObject("chat") {
                    put("id", account)
                    put("type", "private")
                }
                put("text", text)
            }
        }
    }

    private fun serve(exchange: HttpExchange) {
        val asked = Json.parseToJsonElement(String(exchange.requestBody.readAllBytes())).jsonObject
        when (val method = exchange.requestURI.path.substringAfterLast('/')) {
            "getUpdates" -> answer(exchange, buildJsonArray { updates.poll(1, SECONDS)?.let { add(it) } })
            "getMe" -> answer(exchange, buildJsonObject { put("username", "sesame_test_bot") })
            "sendMessage", "editMessageText" -> if (isDown) refuse(exchange) else answer(exchange, took(asked))
            "deleteWebhook" -> answer(exchange, JsonPrimitive(true))
            else -> error("$method is not played here")
        }
    }

    private fun took(asked: JsonObject): JsonElement {
        val text = (asked.getValue("text") as JsonPrimitive).content
        if (text.startsWith("Linked.")) linked += text
        val id = (asked["message_id"] as? JsonPrimitive)?.longOrNull ?: numbers.incrementAndGet()
        return buildJsonObject { put("message_id", id) }
    }

    private fun answer(exchange: HttpExchange, result: JsonElement) = exchange.send(
        200,
        buildJsonObject {
            put("ok", true)
            put("result", result)
        },
    )

    private fun refuse(exchange: HttpExchange) = exchange.send(
        502,
        buildJsonObject {
            put("ok", false)
            put("error_code", 502)
            put("description", "Bad Gateway")
        },
    )

    private fun HttpExchange.send(status: Int, body: JsonObject) {
        val bytes = body.toString().toByteArray()
        responseHeaders.add("Content-Type", "application/json")
        sendResponseHeaders(status, bytes.size.toLong())
        responseBody.write(bytes)
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private companion object {
        const val PATIENCE_SECONDS = 20L
    }
}
