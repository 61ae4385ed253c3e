package dev.sesame.internal

/** How deep objects and arrays stand in each other: parsers recurse, and a stack has an end. */
internal object JsonDepth {
    /** The contract's 32 levels of a context, and what is around it, with room to spare. */
    private const val DEEPEST = 64

    /** Whether [text] stays within the depth that anything of the contract has; quotes are minded, nothing else is judged. */
    fun isBearable(text: ByteArray): Boolean {
        var depth = 0
        var isQuoted = false
        var index = 0
        while (index < text.size) {
            when (text[index].toInt().toChar()) {
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
