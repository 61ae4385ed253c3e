package dev.sesame.broker.inbox

import kotlinx.html.FlowOrPhrasingContent
import kotlinx.html.span

/**
 * Shows [text] so that nothing in it can turn, hide or overlay what stands around it: such characters are shown as their codes, marked as
 * ours. Where [inLines], line breaks and tabs stay what they are.
 */
internal fun FlowOrPhrasingContent.visible(text: String, inLines: Boolean = false) {
    pieces(text, inLines).forEach { piece ->
        if (piece.isOdd) {
            span("odd") { +piece.text }
        } else {
            +piece.text
        }
    }
}

/** The same where only plain text can stand. */
internal fun visibleText(text: String): String = pieces(text, inLines = false).joinToString("") { it.text }

private class Piece(val text: String, val isOdd: Boolean)

private fun pieces(text: String, inLines: Boolean): List<Piece> {
    val pieces = mutableListOf<Piece>()
    val plain = StringBuilder()
    var marks = 0
    text.codePoints().forEach { point ->
        marks = if (isMark(point)) marks + 1 else 0
        if (isOdd(point, inLines) || marks > MOST_MARKS) {
            if (plain.isNotEmpty()) pieces += Piece("$plain", isOdd = false)
            plain.clear()
            pieces += Piece(code(point), isOdd = true)
        } else {
            plain.appendCodePoint(point)
        }
    }
    if (plain.isNotEmpty()) pieces += Piece("$plain", isOdd = false)
    return pieces
}

private fun code(point: Int): String = if (point <= 0xffff) "\\u%04x".format(point) else "\\u{%x}".format(point)

private fun isOdd(point: Int, inLines: Boolean): Boolean =
    if (inLines && (point == '\n'.code || point == '\t'.code)) false else Character.getType(point).toByte() in hiding || point in blank

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

/** Letters and marks that nobody sees: fillers, joiners, and variation selectors but for the two that choose how a symbol is drawn. */
private val blank: Set<Int> =
    (
        listOf(
            0x34f,
            0x115f,
            0x1160,
            0x17b4,
            0x17b5,
            0x2800,
            0x3164,
            0xffa0,
        ) + (0x180b..0x180f) + (0xfe00..0xfe0d) + (0xe0100..0xe01ef)
        ).toSet()

/** No writing stacks more on one letter; more of them would reach over the lines around. */
private const val MOST_MARKS = 4
