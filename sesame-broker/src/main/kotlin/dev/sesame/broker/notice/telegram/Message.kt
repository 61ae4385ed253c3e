package dev.sesame.broker.notice.telegram

import dev.sesame.broker.text.shown
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonArray
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

/** A message as it is sent: plain text, where in it others' words stand, and the buttons below. */
internal class Message(
    val text: String,
    val frames: List<Frame>,
    val buttons: List<List<Button>> = emptyList(),
    val asksToReply: Boolean = false,
) {
    /** Where in the text, in UTF-16 units, words stand that are not ours. [isBlock]: on lines of their own. */
    data class Frame(val offset: Int, val length: Int, val isBlock: Boolean)

    fun with(buttons: List<List<Button>>) = Message(text, frames, buttons)

    fun askingToReply() = Message(text, frames, asksToReply = true)

    fun toJson(): JsonObject = buildJsonObject {
        put("text", text)
        put("entities", entities())
        putJsonObject("link_preview_options") { put("is_disabled", true) }
        putJsonObject("reply_markup") {
            if (asksToReply) put("force_reply", true) else put("inline_keyboard", keyboard())
        }
    }

    /** Said apart from the text, so that nothing in it is read as markup; in code, Telegram makes no links, names or commands of it. */
    private fun entities(): JsonArray = buildJsonArray {
        frames.forEach {
            addJsonObject {
                put("type", if (it.isBlock) "pre" else "code")
                put("offset", it.offset)
                put("length", it.length)
            }
        }
    }

    private fun keyboard(): JsonArray = buildJsonArray {
        buttons.forEach { row ->
            addJsonArray {
                row.forEach { button ->
                    addJsonObject {
                        put("text", button.label)
                        if (button.url == null) put("callback_data", button.handle) else put("url", button.url)
                    }
                }
            }
        }
    }
}

/** It sends [handle] back when it is pressed, or opens [url]. */
internal class Button(val label: String, val handle: String? = null, val url: String? = null)

/** Puts a message together: our own words as they are, those of others shortened, made visible and framed. */
internal class MessageText {
    private val text = StringBuilder()
    private val frames = ArrayList<Message.Frame>()

    fun ours(words: String): MessageText = apply { text.append(words) }

    fun theirs(words: String, most: Int): MessageText = framed(cut(shown(words), most), isBlock = false)

    /** On lines of their own, with its line breaks where [keepLines]. */
    fun theirsBelow(words: String, most: Int, keepLines: Boolean = false): MessageText =
        framed(cut(shown(words, keepLines), most), isBlock = true)

    /** Lines that are fit to be shown already, in one frame. */
    fun linesBelow(lines: List<String>): MessageText = framed(lines.joinToString("\n"), isBlock = true)

    fun done(): Message = Message(text.toString().also { check(it.length <= LONGEST) { "a message of ${it.length} units" } }, frames)

    private fun framed(shown: String, isBlock: Boolean): MessageText = apply {
        val words = shown.ifBlank { "(empty)" }
        frames += Message.Frame(text.length, words.length, isBlock)
        text.append(words)
    }

    companion object {
        /** In UTF-16 units, as Telegram counts. */
        const val LONGEST = 4_096

        /** At most [most] units of [text], cut between two characters. */
        fun cut(text: String, most: Int): String {
            if (text.length <= most) return text
            val end = most - 1
            return text.take(if (text[end - 1].isHighSurrogate()) end - 1 else end) + "…"
        }
    }
}
