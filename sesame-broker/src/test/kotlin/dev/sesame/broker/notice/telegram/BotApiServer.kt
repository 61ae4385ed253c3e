package dev.sesame.broker.notice.telegram

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.json
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.longOrNull
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicLong

/**
 * Plays Telegram on this machine: the methods of the Bot API that the broker calls, with its limits, and the people who write and press.
 * [refuse] may give another answer than the usual one.
 */
internal class BotApiServer(private val token: String = TOKEN, port: Int = 0, @Volatile var refuse: (Call) -> Refusal? = { null }) :
    AutoCloseable {
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000).apply {
        createContext("/") { it.use(::serve) }
        executor = threads
        start()
    }
    private val lastMessage = AtomicLong(100)
    private val lastUpdate = AtomicLong(7_000)
    private val updates = CopyOnWriteArrayList<JsonObject>()

    val url = "http://127.0.0.1:${server.address.port}"
    val calls = CopyOnWriteArrayList<Call>()

    /** What stands in the chats, as people see it now. */
    val messages = CopyOnWriteArrayList<Shown>()

    /** What people saw for a moment when they pressed. */
    val answers = CopyOnWriteArrayList<String>()

    fun shownIn(account: Long): List<Shown> = messages.filter { it.chat == account }

    fun await(what: String, seconds: Long = 20, isSo: () -> Boolean) =
        awaitThat("$what; shown: ${messages.map { "${it.chat}: ${it.text}" }}, answered: $answers", seconds, isSo)

    /** The newest message in the chat, once there are [count]. */
    fun awaitShown(account: Long, count: Int = 1): Shown {
        await("$count messages to $account") { shownIn(account).size >= count }
        return shownIn(account).last()
    }

    fun write(account: Long, text: String, replyTo: Long? = null, chat: JsonObject = privateChat(account)): JsonObject = happens(
        "message" to json(
            "message_id" to lastMessage.incrementAndGet(),
            "from" to json("id" to account, "is_bot" to false),
            "chat" to chat,
            "text" to text,
            "reply_to_message" to replyTo?.let { json("message_id" to it) },
        ),
    )

    fun press(account: Long, message: Shown, label: String, chat: JsonObject = privateChat(account)): JsonObject =
        pressHandle(account, message.id, message.handle(label), chat)

    fun pressHandle(account: Long, messageId: Long, handle: String, chat: JsonObject = privateChat(account)): JsonObject = happens(
        "callback_query" to json(
            "id" to "press ${lastUpdate.get()}",
            "from" to json("id" to account, "is_bot" to false),
            "message" to json("message_id" to messageId, "chat" to chat),
            "data" to handle,
        ),
    )

    /** Tells it as it is, as often as it is called. */
    fun happens(vararg update: Pair<String, Any?>): JsonObject =
        json("update_id" to lastUpdate.incrementAndGet(), *update).also { updates += it }

    fun privateChat(account: Long) = json("id" to account, "type" to "private")

    private fun serve(exchange: HttpExchange) {
        val body = String(exchange.requestBody.readAllBytes())
        val parts = exchange.requestURI.path.split('/')
        val call = Call(parts.last(), Json.parseToJsonElement(body) as JsonObject, System.nanoTime())
        if (parts[1] != "bot$token") return answer(exchange, Refusal(401, "Unauthorized"))
        calls += call
        val refusal = refuse(call)
        if (refusal != null) return answer(exchange, refusal)
        try {
            answer(exchange, 200, json("ok" to true, "result" to result(call)))
        } catch (problem: IllegalArgumentException) {
            answer(exchange, Refusal(400, "Bad Request: ${problem.message}"))
        }
    }

    private fun result(call: Call): JsonElement = when (call.method) {
        "getUpdates" -> updatesFrom(call.number("offset"), call.number("timeout") ?: 0)

        "getMe" -> json("id" to 1, "is_bot" to true, "username" to "sesame_test_bot")

        "sendMessage" -> Shown(call.number("chat_id")!!, lastMessage.incrementAndGet(), call.body).checked().also {
            messages += it
        }.toJson()

        "editMessageText" -> edited(call)

        "answerCallbackQuery" -> JsonPrimitive(true).also { answers += call.text("text").orEmpty().also { require(it.length <= 200) } }

        "deleteWebhook", "setWebhook" -> JsonPrimitive(true)

        else -> throw IllegalArgumentException("no such method")
    }

    @Synchronized
    private fun edited(call: Call): JsonElement {
        val index = messages.indexOfFirst { it.chat == call.number("chat_id") && it.id == call.number("message_id") }
        require(index >= 0) { "message to edit not found" }
        val after = Shown(messages[index].chat, messages[index].id, call.body).checked()
        require(after.text != messages[index].text || after.labels != messages[index].labels) { "message is not modified: it is the same" }
        messages[index] = after
        return after.toJson()
    }

    /** An offset acknowledges what is before it. */
    private fun updatesFrom(offset: Long?, timeoutSeconds: Long): JsonArray {
        offset?.let { first -> updates.removeIf { it.number("update_id")!! < first } }
        val end = System.nanoTime() + minOf(timeoutSeconds, LONGEST_HOLD_SECONDS) * 1_000_000_000
        while (updates.isEmpty() && System.nanoTime() < end) java.util.concurrent.locks.LockSupport.parkNanos(2_000_000)
        return JsonArray(updates.take(100))
    }

    private fun answer(exchange: HttpExchange, refusal: Refusal) {
        val parameters = refusal.retryAfter?.let { json("retry_after" to it) }
        answer(
            exchange,
            refusal.code,
            json(
                "ok" to false,
                "error_code" to refusal.code,
                "description" to refusal.why,
                "parameters" to parameters,
            ),
        )
    }

    private fun answer(exchange: HttpExchange, status: Int, body: JsonObject) {
        val bytes = body.toString().toByteArray()
        exchange.responseHeaders.add("Content-Type", "application/json")
        exchange.sendResponseHeaders(status, bytes.size.toLong())
        exchange.responseBody.write(bytes)
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    /** One call as it came, without the token. */
    class Call(val method: String, val body: JsonObject, val at: Long) {
        fun number(name: String) = body.number(name)

        fun text(name: String) = (body[name] as? JsonPrimitive)?.contentOrNull
    }

    class Refusal(val code: Int, val why: String, val retryAfter: Int? = null)

    companion object {
        const val TOKEN = "123456789:AAHtestTokenOfNobodysBot_0123456789-x"
        private const val LONGEST_HOLD_SECONDS = 1L
    }
}

/** A message as it stands in a chat. */
internal class Shown(val chat: Long, val id: Long, private val body: JsonObject) {
    val text: String = (body.getValue("text") as JsonPrimitive).content
    private val markup = body["reply_markup"] as? JsonObject
    val asksToReply: Boolean get() = markup?.containsKey("force_reply") == true
    private val buttons: List<JsonObject> =
        (markup?.get("inline_keyboard") as? JsonArray).orEmpty().flatMap { row -> (row as JsonArray).map { it as JsonObject } }
    val labels: List<String> get() = buttons.map { (it.getValue("text") as JsonPrimitive).content }
    val frames: List<String> get() = entities.map { text.substring(it.first, it.last + 1) }
    private val entities: List<IntRange> = (body["entities"] as? JsonArray).orEmpty().map { it as JsonObject }.map {
        val offset = (it.getValue("offset") as JsonPrimitive).intOrNull!!
        offset until offset + (it.getValue("length") as JsonPrimitive).intOrNull!!
    }

    /** The text without what stands in frames. */
    val ours: String get() = text.filterIndexed { index, _ -> entities.none { index in it } }

    fun handle(label: String): String = text(label, "callback_data")

    fun link(label: String): String = text(label, "url")

    private fun text(label: String, field: String) =
        (buttons.single { label == (it.getValue("text") as JsonPrimitive).content }.getValue(field) as JsonPrimitive).content

    /** As Telegram takes it. */
    fun checked(): Shown = apply {
        require(text.length in 1..4_096) { "message is too long" }
        require(entities.size <= 100 && entities.all { it.first >= 0 && it.last < text.length && !it.isEmpty() }) { "entities" }
        require("parse_mode" !in body) { "this test wants none" }
        require(((body["link_preview_options"] as JsonObject).getValue("is_disabled") as JsonPrimitive).content == "true") { "a preview" }
        buttons.forEach { button ->
            (button["callback_data"] as? JsonPrimitive)?.let { require(it.content.toByteArray().size in 1..64) { "BUTTON_DATA_INVALID" } }
        }
    }

    fun toJson(): JsonObject = json("message_id" to id, "chat" to json("id" to chat, "type" to "private"), "text" to text)
}

private fun JsonObject.number(name: String): Long? = (get(name) as? JsonPrimitive)?.longOrNull
