package dev.sesame.broker.inbox

import dev.sesame.broker.text.NotJson
import dev.sesame.broker.text.StrictJson
import dev.sesame.internal.CanonicalNumber
import dev.sesame.internal.InternalSesameApi
import dev.sesame.rules.Question
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/** How a value is typed. */
internal enum class Typing { LINE, LINES, NUMBER, CHOICE, JSON }

/** One field of a context that an approver may change: how its value is typed, and what is typed read as a value. */
internal class EditField(index: Int, val name: String, val asked: JsonElement) {
    /** Its name in a form: the requester's own could be any. */
    val key = "$KEY$index"
    val typing: Typing = typingOf(asked)

    /** How [value] stands in the form. */
    fun written(value: JsonElement): String = when {
        typing == Typing.JSON -> if (value is JsonPrimitive) "$value" else pretty.encodeToString(value)
        value is JsonPrimitive -> value.content
        else -> "$value"
    }

    /** What was [typed]; just what was asked where a browser sends that back. [Mistyped] where it is no such value. */
    fun read(typed: String): JsonElement {
        val text = asSent(typed)
        if (text == asSent(written(asked))) return asked
        return when (typing) {
            Typing.LINE, Typing.LINES -> JsonPrimitive(text(text))
            Typing.NUMBER -> number(text.trim())
            Typing.CHOICE -> JsonPrimitive(text.toBooleanStrictOrNull() ?: throw Mistyped("must be true or false"))
            Typing.JSON -> json(text.trim())
        }
    }

    private fun text(text: String): String {
        if ('\u0000' in text) throw Mistyped("holds a character that can't be kept")
        val before = (asked as JsonPrimitive).content
        // A browser sends all line breaks alike: those of the text stay as they were.
        return if ("\r\n" in before && '\n' !in before.replace("\r\n", "")) text.replace("\n", "\r\n") else text
    }

    /** Never through a double: what is typed is what is kept, digit for digit, or it is refused. */
    @OptIn(InternalSesameApi::class)
    private fun number(text: String): JsonElement = when {
        text == (asked as JsonPrimitive).content -> asked
        !grammar.matches(text) -> throw Mistyped("is no number: write it such as 1250 or 12.50, with a point and without spaces")
        CanonicalNumber.of(text) == null -> throw Mistyped("has more digits than a number in JSON carries from one program to another")
        else -> Json.parseToJsonElement(text)
    }

    private fun json(text: String): JsonElement {
        if (text.isEmpty()) throw Mistyped("is empty: write null for no value")
        return try {
            StrictJson.parse(text.toByteArray())
        } catch (problem: NotJson) {
            throw Mistyped("is no JSON: " + problem.message.orEmpty().take(LONGEST_REASON))
        } catch (_: SerializationException) {
            throw Mistyped("is no JSON")
        }
    }

    companion object {
        /** How the names of all such fields begin. */
        const val KEY = "edit-"
        private const val LONGEST_REASON = 200
        private const val LONGEST_LINE = 60
        private val grammar = Regex("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")
        private val pretty = Json { prettyPrint = true }

        /** Those of [question], in its order. */
        fun of(question: Question): List<EditField> =
            question.editable.mapIndexedNotNull { index, name -> question.context[name]?.let { EditField(index, name, it) } }

        private fun typingOf(value: JsonElement): Typing = when {
            value is JsonNull || value !is JsonPrimitive -> Typing.JSON
            !value.isString -> if (value.booleanOrNull == null) Typing.NUMBER else Typing.CHOICE
            value.content.length > LONGEST_LINE || value.content.any { it == '\n' || it == '\r' } -> Typing.LINES
            else -> Typing.LINE
        }

        /** As a browser sends back what a form shows. */
        private fun asSent(text: String): String = text.replace("\r\n", "\n").replace('\r', '\n')
    }
}

/** What was typed is no value for its field; [message] follows the field's name. */
internal class Mistyped(override val message: String) : RuntimeException(message) {
    override fun fillInStackTrace(): Throwable = this // an answer, not a fault
}
