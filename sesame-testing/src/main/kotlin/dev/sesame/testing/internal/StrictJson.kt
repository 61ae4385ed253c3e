package dev.sesame.testing.internal

import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * JSON by the letter of RFC 8259, with each name once, as the broker reads it.
 *
 * kotlinx.serialization, which reads it then, takes unquoted words and the last of two equal names.
 */
internal class StrictJson private constructor(private val text: String) {
    private var at = 0

    private fun value(depth: Int) {
        if (depth > DEEPEST) throw NotJson("it is nested deeper than $DEEPEST")
        space()
        when (peek()) {
            '{' -> members(depth)
            '[' -> elements(depth)
            '"' -> string()
            else -> literal()
        }
        space()
    }

    private fun members(depth: Int) {
        val names = HashSet<String>()
        list('{', '}') {
            space()
            val name = string()
            if (!names.add(name)) throw NotJson("it has a name twice")
            space()
            take(':')
            value(depth + 1)
        }
    }

    private fun elements(depth: Int) = list('[', ']') { value(depth + 1) }

    private fun list(open: Char, close: Char, element: () -> Unit) {
        take(open)
        space()
        if (peek() == close) return take(close)
        element()
        while (peek() == ',') {
            take(',')
            element()
        }
        take(close)
    }

    /** What the string means, so that two ways to write one name are one name. */
    private fun string(): String {
        val found = string.matchAt(text, at) ?: throw NotJson("it has no string at character ${at + 1}")
        at = found.range.last + 1
        return Json.decodeFromString<String>(found.value)
    }

    private fun literal() {
        val found = literal.matchAt(text, at) ?: throw NotJson("it has no value at character ${at + 1}")
        at = found.range.last + 1
    }

    private fun take(wanted: Char) {
        if (peek() != wanted) throw NotJson("it has no $wanted at character ${at + 1}")
        at++
    }

    private fun peek(): Char? = text.getOrNull(at)

    private fun space() {
        while (peek() in whitespace) at++
    }

    companion object {
        /** The JSON object that a test wrote as text. */
        fun objectOf(contextJson: String): JsonObject = try {
            parse(contextJson.toByteArray()) as? JsonObject ?: throw NotJson("it is no object")
        } catch (problem: NotJson) {
            throw IllegalArgumentException("contextJson is not a JSON object: ${problem.message}", problem)
        }

        private val whitespace = setOf(' ', '\t', '\n', '\r')

        // Possessive, so that a long string takes no stack.
        private val string = Regex(""""(?:[^"\\\x00-\x1F]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"""")
        private val literal = Regex("""true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?""")
        private const val DEEPEST = 64

        /** What [bytes] say; [NotJson] where they say nothing. */
        fun parse(bytes: ByteArray): JsonElement = try {
            val text = bytes.decodeToString(throwOnInvalidSequence = true)
            val reader = StrictJson(text)
            reader.value(depth = 0)
            if (reader.at < text.length) throw NotJson("it goes on after its end")
            Json.parseToJsonElement(text)
        } catch (_: CharacterCodingException) {
            throw NotJson("it is not UTF-8")
        } catch (_: SerializationException) {
            throw NotJson("it is no JSON")
        }
    }
}

/** The bytes are no JSON that everybody reads alike. */
internal class NotJson(message: String) : RuntimeException(message)
