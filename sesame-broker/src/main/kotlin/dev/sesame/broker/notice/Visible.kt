package dev.sesame.broker.notice

/**
 * Text that could turn, hide or imitate what stands around it, with all of that shown as its code, such as `\u{202e}` (T2 of the threat list).
 * Line breaks are kept where [keepLines]; everything that a reader can see stays as it is.
 */
internal fun visible(text: String, keepLines: Boolean = false): String = buildString {
    text.codePoints().forEach { point ->
        val isKept = if (point == '\n'.code) keepLines else !isHiding(point)
        if (isKept) appendCodePoint(point) else append("\\u{").append(Integer.toHexString(point)).append('}')
    }
}

private fun isHiding(point: Int): Boolean = Character.getType(point).toByte() in hidingKinds || hiding.any { point in it }

private val hidingKinds = setOf(
    Character.CONTROL,
    Character.FORMAT,
    Character.LINE_SEPARATOR,
    Character.PARAGRAPH_SEPARATOR,
    Character.SURROGATE,
    Character.PRIVATE_USE,
    Character.UNASSIGNED,
)

/** Letters and marks of which nothing is seen: joiners, fillers, the blank of braille, and selectors that can carry a text of their own. */
private val hiding = listOf(
    0x034f..0x034f,
    0x115f..0x1160,
    0x17b4..0x17b5,
    0x180b..0x180f,
    0x2800..0x2800,
    0x3164..0x3164,
    0xfe00..0xfe0e,
    0xffa0..0xffa0,
    0xe0100..0xe01ef,
)
