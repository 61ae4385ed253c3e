package dev.sesame.bench.notices

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.answered
import dev.sesame.bench.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** One approver's chat with the bot. */
internal class TelegramLeg(private val telegram: BotApi) : Leg {
    override val label = "Telegram's send"
    override val environment = mapOf("SESAME_TELEGRAM_BOT_TOKEN" to BotApi.TOKEN, "SESAME_TELEGRAM_API_URL" to telegram.url)

    override fun begin(broker: BrokerProcess): Unit = PlainHttp(broker.url, broker.adminToken).use { admin ->
        val approver = admin.get("/v1/admin/approvers").answered()["approvers"]!!.jsonArray.first().jsonObject.text("id")
        val code = admin.post("/v1/admin/approvers/$approver/link-telegram", JsonObject(emptyMap())).answered().text("code")
        telegram.write("/start $code")
        checkNotNull(telegram.await("Linked")) { "the bot doesn't answer /start" }
    }

    override fun await(summary: String): Long? = telegram.await(summary)

    /** The stand-in is everybody's: who made it closes it. */
    override fun close() = Unit
}
