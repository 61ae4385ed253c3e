package dev.sesame.rules

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What stands in place of a value that isn't told. Pages know it from the same word of a requester's by its identity. */
public val REDACTED: JsonPrimitive = JsonPrimitive("[redacted]")

/** What is wrong with [path] as a place in a context, names of objects' fields apart by dots; `null` where nothing is. */
public fun pathProblem(path: String): String? {
    val names = path.split('.')
    return when {
        names.any { it.isBlank() } -> "must be names of fields with a dot between two, such as customer.iban"
        names.size > DEEPEST_PATH -> "may go through at most $DEEPEST_PATH names, not ${names.size}"
        path.length > LONGEST_PATH -> "may have at most $LONGEST_PATH characters"
        path.any { it.isISOControl() } -> "must not have control characters"
        else -> null
    }
}

/** This context with [REDACTED] in place of every value at one of [paths]; a list is gone through item by item. */
public fun JsonObject.redacted(paths: Collection<String>): JsonObject =
    paths.fold(this) { context, path -> context.without(path.split('.')) as JsonObject }

/** Whether there is a value at [path]. */
public fun JsonElement.holds(path: String): Boolean = reaches(path.split('.'))

/**
 * What [sent] means by somebody who was shown [original] with its values at [hidden] redacted: the marker in such a place stands for the value
 * there. On the right where it can't be told, or a hidden value would change: those paths.
 */
internal fun restored(sent: JsonObject, original: JsonObject, hidden: Collection<String>): Pair<JsonObject, List<String>> {
    var meant = sent
    // What is hidden whole has its inner places back with it.
    val unclear = hidden.filter { path -> hidden.none { path.startsWith("$it.") } }.filter { path ->
        val restored = meant.restore(original, path.split('.')) as JsonObject?
        meant = restored ?: meant
        restored == null
    }
    return meant to unclear
}

private fun JsonElement.without(names: List<String>): JsonElement = when {
    names.isEmpty() -> REDACTED
    this is JsonObject -> this[names.first()]?.let { JsonObject(this + (names.first() to it.without(names.drop(1)))) } ?: this
    this is JsonArray -> JsonArray(map { it.without(names) })
    else -> this
}

private fun JsonElement.reaches(names: List<String>): Boolean = when {
    names.isEmpty() -> true
    this is JsonObject -> this[names.first()]?.reaches(names.drop(1)) ?: false
    this is JsonArray -> any { it.reaches(names) }
    else -> false
}

private fun JsonElement.restore(original: JsonElement, names: List<String>): JsonElement? = when {
    // Also who guesses what is hidden is told nothing of it.
    this == original && !original.reaches(names) -> this

    names.isEmpty() -> original.takeIf { this == REDACTED }

    this is JsonObject && original is JsonObject -> restoreField(original, names)

    this is JsonArray && original is JsonArray && size == original.size -> zip(original) { mine, theirs -> mine.restoreItem(theirs, names) }
        .let { items -> if (null in items) null else JsonArray(items.filterNotNull()) }

    else -> takeUnless { reaches(names) || original.reaches(names) }
}

/** An item that holds something hidden stays as it is, in its place: else one item's value would come to stand in another, and nobody saw it. */
private fun JsonElement.restoreItem(original: JsonElement, names: List<String>): JsonElement? =
    restore(original, names)?.takeIf { it == original || !original.reaches(names) }

private fun JsonObject.restoreField(original: JsonObject, names: List<String>): JsonElement? {
    val mine = this[names.first()]
    val theirs = original[names.first()]
    val rest = names.drop(1)
    return when {
        mine != null && theirs != null -> mine.restore(theirs, rest)?.let { JsonObject(this + (names.first() to it)) }
        else -> takeUnless { (mine ?: theirs)?.reaches(rest) ?: false }
    }
}

private const val DEEPEST_PATH = 8
private const val LONGEST_PATH = 200
