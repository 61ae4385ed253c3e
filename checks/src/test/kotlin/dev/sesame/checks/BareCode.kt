package dev.sesame.checks

/**
 * Kotlin or Java with every comment and every literal in quotes blanked out, line for line, so that plain-text rules see code only.
 *
 * What stands in a template, `${…}`, counts as part of its string.
 */
internal class BareCode(private val text: String) {
    private val bare = StringBuilder(text)

    fun read(): String {
        var at = 0
        while (at < text.length) {
            val end = literalEnd(at)
            for (i in at until minOf(end, text.length)) if (text[i] != '\n') bare[i] = ' '
            at = maxOf(end, at + 1)
        }
        return bare.toString()
    }

    /** Where the comment or literal that starts at [at] ends; [at] where none starts. */
    private fun literalEnd(at: Int): Int = when {
        text.startsWith("//", at) -> end(text.indexOf('\n', at), width = 0)
        text.startsWith("/*", at) -> end(text.indexOf("*/", at + 2), width = 2)
        else -> quotedEnd(at)
    }

    private fun quotedEnd(at: Int): Int = when {
        text.startsWith(RAW, at) -> stringEnd(at + RAW.length, RAW)
        text[at] == '"' -> stringEnd(at + 1, "\"")
        text[at] == '\'' && text.getOrNull(at + 1) == '\\' -> end(text.indexOf('\'', at + 3), width = 1)
        text[at] == '\'' && text.getOrNull(at + 2) == '\'' -> at + 3
        else -> at
    }

    private fun stringEnd(start: Int, quote: String): Int {
        var at = start
        while (at < text.length) {
            at = when {
                quote != RAW && text[at] == '\\' -> at + 2
                text.startsWith("\${", at) -> templateEnd(at + 2)
                text.startsWith(quote, at) -> return endOfQuotes(at, quote)
                else -> at + 1
            }
        }
        return text.length
    }

    /** A raw string may end in more quotes than three. */
    private fun endOfQuotes(at: Int, quote: String): Int {
        if (quote != RAW) return at + quote.length
        var end = at + quote.length
        while (text.getOrNull(end) == '"') end++
        return end
    }

    private fun templateEnd(start: Int): Int {
        var at = start
        var depth = 1
        while (at < text.length && depth > 0) {
            if (text[at] == '{') depth++
            if (text[at] == '}') depth--
            at = maxOf(literalEnd(at), at + 1)
        }
        return at
    }

    private fun end(found: Int, width: Int): Int = if (found < 0) text.length else found + width

    private companion object {
        const val RAW = "\"\"\""
    }
}
