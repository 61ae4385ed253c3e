package dev.sesame.broker.inbox

import dev.sesame.broker.text.pieces
import kotlinx.html.FlowOrPhrasingContent
import kotlinx.html.span

/** Shows [text], in which nothing turns, hides or overlays what stands around it: such characters are shown as their codes, marked as ours. */
internal fun FlowOrPhrasingContent.visible(text: String, inLines: Boolean = false) {
    pieces(text, keepLines = inLines).forEach { piece ->
        if (piece.isCode) {
            span("odd") { +piece.text }
        } else {
            +piece.text
        }
    }
}
