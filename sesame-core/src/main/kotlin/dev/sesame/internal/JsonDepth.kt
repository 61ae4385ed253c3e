package dev.sesame.internal

import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement

/** How deep objects and arrays stand in each other: parsers recurse, and a stack has an end. */
@InternalSesameApi
public object JsonDepth {
    /** The contract's 32 levels of a context, and what is around it, with room to spare. */
    private const val DEEPEST = 64

    /** Whether [text] stays within the depth that anything of the contract has; quotes are minded, nothing else is judged. */
    public fun isBearable(text: ByteArray): Boolean = isBearable(text.size) { text[it].toInt().toChar() }

    /** The same. */
    public fun isBearable(text: String): Boolean = isBearable(text.length, text::get)

    /** What [text], from whomever, says; `null` where it is no JSON or nested too deep. */
    public fun read(text: String): JsonElement? = try {
        if (isBearable(text)) Json.parseToJsonElement(text) else null
    } catch (_: SerializationException) {
        null
    }

    private inline fun isBearable(size: Int, charAt: (Int) -> Char): Boolean {
        var depth = 0
        var isQuoted = false
        var index = 0
        while (index < size) {
            when (charAt(index)) {
                '"' -> isQuoted = !isQuoted
                '\\' -> if (isQuoted) index++
                '{', '[' -> if (!isQuoted && ++depth > DEEPEST) return false
                '}', ']' -> if (!isQuoted) depth--
            }
            index++
        }
        return true
    }
}
