package dev.sesame.broker.text

/**
 * [text] as a person may be shown it: whatever could turn, hide, overlay or imitate what stands around it is shown as its code, such as
 * `\u202e` (T2 of the threat list). Line breaks and tabs stay what they are where [keepLines]; everything that a reader can see does.
 */
internal fun shown(text: String, keepLines: Boolean = false): String = pieces(text, keepLines).joinToString("") { it.text }

/** A part of a text; [isCode] where it is not what was written, but the code of it. */
internal class Piece(val text: String, val isCode: Boolean)

/** The same in its parts, for whoever marks which of them are codes. */
internal fun pieces(text: String, keepLines: Boolean = false): List<Piece> {
    val pieces = mutableListOf<Piece>()
    val plain = StringBuilder()
    var marks = 0
    text.codePoints().forEach { point ->
        marks = if (isMark(point)) marks + 1 else 0
        if (isOdd(point, keepLines) || marks > MOST_MARKS) {
            if (plain.isNotEmpty()) pieces += Piece("$plain", isCode = false)
            plain.clear()
            pieces += Piece(code(point), isCode = true)
        } else {
            plain.appendCodePoint(point)
        }
    }
    if (plain.isNotEmpty()) pieces += Piece("$plain", isCode = false)
    return pieces
}

private fun code(point: Int): String = if (point <= 0xffff) "\\u%04x".format(point) else "\\u{%x}".format(point)

private fun isOdd(point: Int, keepLines: Boolean): Boolean = when (point) {
    '\n'.code, '\t'.code -> !keepLines
    else -> Character.getType(point).toByte() in hiding || blank.any { point in it }
}

private fun isMark(point: Int): Boolean = Character.getType(point).toByte() in setOf(Character.NON_SPACING_MARK, Character.ENCLOSING_MARK)

private val hiding = setOf(
    Character.CONTROL,
    Character.FORMAT,
    Character.LINE_SEPARATOR,
    Character.PARAGRAPH_SEPARATOR,
    Character.SURROGATE,
    Character.PRIVATE_USE,
    Character.UNASSIGNED,
)

/**
 * Letters and marks that nobody sees: joiners, fillers, the blank of braille, and variation selectors, which can carry a text of their own, but
 * for the two that choose how a symbol is drawn.
 */
private val blank = listOf(
    0x034f..0x034f,
    0x115f..0x1160,
    0x17b4..0x17b5,
    0x180b..0x180f,
    0x2800..0x2800,
    0x3164..0x3164,
    0xfe00..0xfe0d,
    0xffa0..0xffa0,
    0xe0100..0xe01ef,
)

/** No writing stacks more on one letter; more of them would reach over the lines around. */
private const val MOST_MARKS = 4
