package dev.sesame.broker.inbox

import dev.sesame.broker.store.Position
import java.time.Instant

/** Where a list goes on, as its page's address says it. */
internal fun Position.inAddress(): String = "${createdAt.toEpochMilli()}.$id"

/** The place that [text] says; `null` where it says none. */
internal fun placeIn(text: String, isId: (String) -> Boolean): Position? {
    val millis = text.substringBefore('.').toLongOrNull() ?: return null
    return Position(Instant.ofEpochMilli(millis), text.substringAfter('.').takeIf(isId) ?: return null)
}
