package dev.sesame.internal

/** One server-sent event. */
internal class SseEvent(val id: String?, val name: String, val text: String)

/**
 * Cuts a stream of bytes into server-sent events (WHATWG HTML, 9.2.6), whatever pieces it comes in.
 *
 * [feed] returns `false` once an event is larger than [largest]: then the stream is not to be trusted any more.
 */
internal class SseParser(private val largest: Int, private val onEvent: suspend (SseEvent) -> Unit) {
    private var line = ByteArray(FIRST_LINE)
    private var length = 0
    private var afterReturn = false

    private var id: String? = null
    private var name = ""
    private val text = StringBuilder()
    private var hasText = false

    suspend fun feed(bytes: ByteArray, count: Int): Boolean {
        for (index in 0 until count) {
            val byte = bytes[index]
            when {
                byte == LF && afterReturn -> afterReturn = false

                byte == LF || byte == CR -> {
                    afterReturn = byte == CR
                    endLine()
                }

                else -> {
                    afterReturn = false
                    if (length + text.length >= largest) return false
                    if (length == line.size) line = line.copyOf(length * 2)
                    line[length++] = byte
                }
            }
        }
        return true
    }

    private suspend fun endLine() {
        val content = line.decodeToString(0, length)
        length = 0
        when {
            content.isEmpty() -> dispatch()
            content.startsWith(':') -> Unit
            else -> field(content.substringBefore(':'), content.substringAfter(':', "").removePrefix(" "))
        }
    }

    private fun field(field: String, value: String) {
        when (field) {
            "id" -> if ('\u0000' !in value) id = value

            "event" -> name = value

            "data" -> {
                if (hasText) text.append('\n')
                text.append(value)
                hasText = true
            }
        }
    }

    private suspend fun dispatch() {
        val event = if (hasText) SseEvent(id, name, text.toString()) else null
        name = ""
        text.setLength(0)
        hasText = false
        if (event != null) onEvent(event)
    }

    private companion object {
        const val LF = '\n'.code.toByte()
        const val CR = '\r'.code.toByte()
        const val FIRST_LINE = 1024
    }
}
