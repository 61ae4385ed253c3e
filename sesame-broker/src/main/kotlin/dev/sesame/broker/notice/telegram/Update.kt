package dev.sesame.broker.notice.telegram

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.longOrNull

/** What happened in Telegram, as far as this bot cares: it was written to, or a button of its was pressed, by a person, in private. */
internal sealed interface Update {
    /** Who did it; the number of a private chat is that of the account. */
    val account: String

    data class Wrote(override val account: String, val text: String, val replyTo: Long?) : Update

    data class Pressed(override val account: String, val pressId: String, val messageId: Long, val handle: String) : Update

    companion object {
        /** The number of the update; `null` where it has none and so is none. */
        fun idOf(json: JsonObject): Long? = json.number("update_id")

        /** `null` where it is of another kind, of another bot, or of a chat that others see, too. */
        fun of(json: JsonObject): Update? = json.child("message")?.let(::wrote) ?: json.child("callback_query")?.let(::pressed)

        private fun wrote(message: JsonObject): Update? {
            val account = privateAccount(message.child("from"), message.child("chat")) ?: return null
            return Wrote(account, message.text("text") ?: return null, message.child("reply_to_message")?.number("message_id"))
        }

        private fun pressed(query: JsonObject): Update? {
            val message = query.child("message") ?: return null
            val account = privateAccount(query.child("from"), message.child("chat")) ?: return null
            return Pressed(
                account,
                query.text("id") ?: return null,
                message.number("message_id") ?: return null,
                query.text("data") ?: return null,
            )
        }

        private fun privateAccount(from: JsonObject?, chat: JsonObject?): String? {
            val id = from?.number("id")?.takeIf { it > 0 } ?: return null
            val isPerson = (from["is_bot"] as? JsonPrimitive)?.booleanOrNull != true
            return "$id".takeIf { isPerson && chat?.text("type") == "private" && chat.number("id") == id }
        }
    }
}

private fun JsonObject.child(name: String): JsonObject? = get(name) as? JsonObject

private fun JsonObject.text(name: String): String? = (get(name) as? JsonPrimitive)?.takeIf { it.isString }?.contentOrNull

private fun JsonObject.number(name: String): Long? = (get(name) as? JsonPrimitive)?.takeIf { !it.isString }?.longOrNull
