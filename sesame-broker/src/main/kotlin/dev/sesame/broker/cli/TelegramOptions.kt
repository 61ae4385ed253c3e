package dev.sesame.broker.cli

import com.github.ajalt.clikt.parameters.groups.OptionGroup
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import dev.sesame.broker.notice.telegram.BotToken
import dev.sesame.broker.notice.telegram.TelegramConfig

/** How approvers are told, and what they may answer from where. */
internal class TelegramOptions : OptionGroup("Telling approvers") {
    private val token: BotToken? by option(
        "--telegram-bot-token",
        envvar = "SESAME_TELEGRAM_BOT_TOKEN",
        help = "Asks approvers in Telegram; @BotFather gives it",
    ).convert { text ->
        try {
            BotToken(text)
        } catch (problem: IllegalArgumentException) {
            fail(problem.message.orEmpty())
        }
    }

    private val apiUrl: String? by option(
        "--telegram-api-url",
        envvar = "SESAME_TELEGRAM_API_URL",
        help = "A Bot API server of your own; default: ${TelegramConfig.OFFICIAL_API}",
    ).convert { url ->
        if (!url.matches(
                Regex("https?://[^/?#@\\s]+(/[^?#@\\s]*)?"),
            )
        ) {
            fail("must be an http or https address without user, query or fragment")
        }
        url.trimEnd('/')
    }

    private val byWebhook: Boolean by option(
        "--telegram-webhook",
        envvar = "SESAME_TELEGRAM_WEBHOOK",
        help = "true: Telegram calls this broker at its public https address; default: the broker asks Telegram",
    ).convert { it.toBooleanStrictOrNull() ?: fail("must be true or false") }.default(false)

    /** What stands beside no token, and would have no effect. */
    val idle: String? get() = if (token != null) {
        null
    } else {
        listOfNotNull("SESAME_TELEGRAM_API_URL".takeIf { apiUrl != null }, "SESAME_TELEGRAM_WEBHOOK".takeIf { byWebhook }).firstOrNull()
    }

    fun toConfig(): TelegramConfig? = token?.let { TelegramConfig(it, apiUrl, byWebhook) }
}
