package dev.sesame.internal

import dev.sesame.Edit
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** What [after] changes of [before], by top-level field, in the order of the fields; the same value written in another way is no change. */
@InternalSesameApi
public fun edits(before: JsonObject, after: JsonObject): List<Edit> =
    (before.keys + after.keys).filter { !isSame(before[it], after[it]) }.map { Edit(it, before[it], after[it]) }

private fun isSame(before: JsonElement?, after: JsonElement?): Boolean = when {
    before == null || after == null -> before == after
    else -> before == after || canonical(before).let { it != null && it == canonical(after) }
}

/** What has no canonical form is the same as nothing else. */
private fun canonical(element: JsonElement): String? = try {
    CanonicalJson.of(element)
} catch (_: NotCanonical) {
    null
}
