package dev.sesame.internal

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.security.MessageDigest
import java.util.HexFormat

/**
 * The canonical form of JSON (RFC 8785), over which both sides hash what was asked.
 *
 * Two documents that a person would call different never share a form: a number that doesn't survive the trip through a double, and text
 * that isn't Unicode, are refused instead of rounded or replaced ([NotCanonical]).
 */
@InternalSesameApi
public object CanonicalJson {
    /** The canonical text of [element]. */
    public fun of(element: JsonElement): String = buildString { append(element, "") }

    /** `sha256:` and the hex SHA-256 of the canonical form of `{"action": …, "context": …}`. */
    public fun requestHash(action: String, context: JsonObject): String {
        val text = of(JsonObject(mapOf("action" to JsonPrimitive(action), "context" to context)))
        return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()))
    }

    private fun StringBuilder.append(element: JsonElement, path: String): StringBuilder = when (element) {
        is JsonNull -> append("null")
        is JsonObject -> appendObject(element, path)
        is JsonArray -> appendArray(element, path)
        is JsonPrimitive -> appendPrimitive(element, path)
    }

    private fun StringBuilder.appendObject(element: JsonObject, path: String): StringBuilder {
        append('{')
        element.keys.sorted().forEachIndexed { index, key ->
            // String's order is that of its UTF-16 units, as the RFC wants
            if (index > 0) append(',')
            appendString(key, path)
            append(':')
            append(element.getValue(key), if (path.isEmpty()) key else "$path.$key")
        }
        return append('}')
    }

    private fun StringBuilder.appendArray(element: JsonArray, path: String): StringBuilder {
        append('[')
        element.forEachIndexed { index, item ->
            if (index > 0) append(',')
            append(item, "$path[$index]")
        }
        return append(']')
    }

    private fun StringBuilder.appendPrimitive(element: JsonPrimitive, path: String): StringBuilder = when {
        element.isString -> appendString(element.content, path)
        element.content == "true" || element.content == "false" -> append(element.content)
        else -> append(CanonicalNumber.of(element.content) ?: throw NotCanonical(path, CanonicalNumber.PROBLEM))
    }

    private fun StringBuilder.appendString(text: String, path: String): StringBuilder {
        append('"')
        var index = 0
        while (index < text.length) {
            val char = text[index++]
            when {
                char == '"' || char == '\\' -> append('\\').append(char)
                char < ' ' -> append(escape(char))
                char.isHighSurrogate() && index < text.length && text[index].isLowSurrogate() -> append(char).append(text[index++])
                char.isSurrogate() -> throw NotCanonical(path, "holds half of a surrogate pair, which is not text")
                else -> append(char)
            }
        }
        return append('"')
    }

    private fun escape(char: Char): String = when (char) {
        '\b' -> "\\b"
        '\t' -> "\\t"
        '\n' -> "\\n"
        '\u000c' -> "\\f"
        '\r' -> "\\r"
        else -> "\\u%04x".format(char.code)
    }
}

/** What stands at [path] has no canonical form: [problem] says why and what to send instead. */
@InternalSesameApi
public class NotCanonical(public val path: String, public val problem: String) : IllegalArgumentException("$path $problem")
