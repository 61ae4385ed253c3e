package dev.sesame.broker.notice.telegram

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration

/** Telegram's Bot API, one call; every failure is an answer, never an exception (but cancellation). */
internal fun interface BotApi {
    suspend fun call(method: String, body: JsonObject, timeout: Duration): BotAnswer
}

/** What the Bot API answered. No part of it holds the bot's token. */
internal sealed interface BotAnswer {
    class Done(val result: JsonElement) : BotAnswer

    /** [code] is an HTTP status; [retryAfter] is there where it was asked too often. */
    data class Refused(val code: Int, val why: String, val retryAfter: Duration? = null) : BotAnswer

    /** No answer came, or none that can be read: whether it was done isn't known. */
    data class None(val why: String) : BotAnswer
}

/** What proves to Telegram that it is this bot. It never prints itself. */
internal class BotToken(val clear: String) {
    init {
        require(grammar.matches(clear)) {
            "is no bot token: @BotFather gives one such as 123456789:AAH…, a number, a colon, 30 or more characters"
        }
    }

    override fun toString(): String = "BotToken"

    private companion object {
        val grammar = Regex("[0-9]{1,20}:[A-Za-z0-9_-]{30,100}")
    }
}

/** How Telegram is reached. */
internal data class TelegramConfig(
    val token: BotToken,
    /** Another server than Telegram's own, such as one on this machine. */
    val apiUrl: String? = null,
    /** Whether Telegram calls this broker, at its public URL; else the broker asks Telegram. */
    val byWebhook: Boolean = false,
) {
    companion object {
        const val OFFICIAL_API = "https://api.telegram.org"

        /** The settings that people know it by. */
        val TURNED_ON_BY = listOf("SESAME_TELEGRAM_BOT_TOKEN")
        val SHAPED_BY = listOf("SESAME_TELEGRAM_API_URL", "SESAME_TELEGRAM_WEBHOOK", "SESAME_CONFIRM_RISK")
    }
}
