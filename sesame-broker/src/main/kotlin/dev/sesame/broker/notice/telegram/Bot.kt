package dev.sesame.broker.notice.telegram

import dev.sesame.broker.notice.Told
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.longOrNull
import kotlinx.serialization.json.put
import kotlin.time.Duration.Companion.seconds

/** The bot as the broker uses it: what goes into chats keeps the [pace]. */
internal class Bot(private val api: BotApi, private val pace: Pace) {
    suspend fun send(chat: String, message: Message): BotAnswer = paced(chat, "sendMessage", message.toJson())

    suspend fun edit(chat: String, messageId: Long, message: Message): BotAnswer =
        paced(chat, "editMessageText", JsonObject(message.toJson() + ("message_id" to JsonPrimitive(messageId))))

    /** Ends the waiting of whoever pressed a button; [words] are shown for a moment. */
    suspend fun answer(pressId: String, words: String): BotAnswer = api.call(
        "answerCallbackQuery",
        buildJsonObject {
            put("callback_query_id", pressId)
            put("text", MessageText.cut(words, LONGEST_ANSWER))
        },
        PATIENCE,
    )

    /** The name under which people find the bot; `null` where Telegram doesn't say. */
    suspend fun name(): String? {
        val done = api.call("getMe", JsonObject(emptyMap()), PATIENCE) as? BotAnswer.Done
        return ((done?.result as? JsonObject)?.get("username") as? JsonPrimitive)?.contentOrNull
    }

    private suspend fun paced(chat: String, method: String, body: JsonObject): BotAnswer {
        pace.take(chat)
        val answer = api.call(method, JsonObject(mapOf("chat_id" to JsonPrimitive(chat.toLong())) + body), PATIENCE)
        (answer as? BotAnswer.Refused)?.retryAfter?.let(pace::pause)
        return answer
    }

    private companion object {
        val PATIENCE = 15.seconds

        /** Telegram's bound is 200 characters. */
        const val LONGEST_ANSWER = 190
    }
}

/** The number of the message that was sent. */
internal val BotAnswer.Done.messageId: Long?
    get() = ((result as? JsonObject)?.get("message_id") as? JsonPrimitive)?.longOrNull

/** What a refusal, or no answer, means for a notice. */
internal fun BotAnswer.toTold(): Told = when (this) {
    is BotAnswer.Done -> Told.Sent()

    is BotAnswer.None -> Told.Failed(why)

    is BotAnswer.Refused -> when {
        retryAfter != null -> Told.Busy(why, retryAfter)

        // A wrong token may be mended; a chat that doesn't want the bot, or a message that Telegram doesn't take, won't.
        code == WRONG_TOKEN || code >= SERVER_FAILED -> Told.Failed(why)

        else -> Told.Refused(why)
    }
}

private const val WRONG_TOKEN = 401
private const val SERVER_FAILED = 500
