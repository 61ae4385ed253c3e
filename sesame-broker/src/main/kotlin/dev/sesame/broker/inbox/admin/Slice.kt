package dev.sesame.broker.inbox.admin

import dev.sesame.broker.inbox.inAddress
import dev.sesame.broker.inbox.placeIn
import dev.sesame.broker.store.Position
import io.ktor.http.encodeURLParameter
import kotlinx.html.FlowContent
import kotlinx.html.a

/** A page of a list; [goOnAfter] is where the next one begins, where there is one. */
internal class Slice<T>(val rows: List<T>, val goOnAfter: Position?) {
    companion object {
        const val MOST = 25

        /** Cuts what was read with one more than [MOST], so that no next page is promised that would be empty. */
        fun <T> of(read: List<T>, positionOf: (T) -> Position): Slice<T> =
            Slice(read.take(MOST), read.getOrNull(MOST - 1)?.takeIf { read.size > MOST }?.let(positionOf))
    }
}

/** Where the list that [Visit] asked for begins. */
internal fun Visit.after(isId: (String) -> Boolean): Position? = placeIn(asked("after"), isId)

/** The part of [all], which is in its order already, that was asked for. */
internal fun <T> Visit.slice(all: List<T>, isId: (String) -> Boolean, positionOf: (T) -> Position): Slice<T> {
    val after = after(isId)
    val rest = if (after == null) all else all.dropWhile { positionOf(it) != after }.drop(1)
    return Slice.of(rest, positionOf)
}

/** Leads to the next page of a list at [path] that was narrowed by [fields]. */
internal fun FlowContent.more(visit: Visit, slice: Slice<*>, path: String, vararg fields: Pair<String, String>) {
    val after = slice.goOnAfter ?: return
    val query = (fields.filter { it.second.isNotEmpty() } + ("after" to after.inAddress()))
        .joinToString("&") { (name, value) -> "$name=${value.encodeURLParameter()}" }
    a(href = visit.path("$path?$query"), classes = "plain more") { +"More" }
}
