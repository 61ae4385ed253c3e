package dev.sesame.rules

import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.edits
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/** What an approver makes of the context that was asked with. */
public sealed interface Editing {
    /** It stays as it was asked. */
    public data object None : Editing

    /** [context] takes its place, and [hash] names it from now on. */
    public class Edited internal constructor(public val context: JsonObject, public val hash: String) : Editing

    /** Not so: [fields] say why. */
    public class Refused internal constructor(public val refusal: Refusal, public val fields: List<FieldProblem>) : Editing
}

/**
 * What [sent], the whole new context, changes; `null`, or the same in other words, changes nothing. What is hidden from approvers stays as it
 * is: where they were shown the marker, it stands for the value.
 */
public fun Question.edited(sent: JsonObject?): Editing {
    if (sent == null) return Editing.None
    val (meant, unclear) = restored(sent, context, hiddenIn(Redaction.INBOX))
    if (unclear.isNotEmpty()) return Editing.Refused(Refusal.NOT_EDITABLE, unclear.map { FieldProblem(path(it), HIDDEN) })
    return changed(meant)
}

private fun Question.changed(sent: JsonObject): Editing {
    val edits = edits(context, sent)
    if (edits.isEmpty()) return Editing.None
    val forbidden = edits.filter { it.field !in editable || it.before == null || it.after == null }
    val misfits = edits.filter { kindOf(it.before) != "null" && kindOf(it.before) != kindOf(it.after) }
    return when {
        forbidden.isNotEmpty() -> Editing.Refused(Refusal.NOT_EDITABLE, forbidden.map { FieldProblem(path(it.field), NOT_EDITABLE) })

        approvalsRequired > 1 -> Editing.Refused(Refusal.NOT_EDITABLE, listOf(FieldProblem("context", NOT_ALONE)))

        misfits.isNotEmpty() -> Editing.Refused(
            Refusal.INVALID,
            misfits.map {
                FieldProblem(path(it.field), "must be ${kindOf(it.before)}")
            },
        )

        else -> Editing.Edited(sent, CanonicalJson.requestHash(action, sent))
    }
}

private fun path(field: String) = "context.${field.take(LONGEST_PATH)}"

private fun kindOf(value: JsonElement?): String = when (value) {
    null, JsonNull -> "null"

    is JsonObject -> "an object"

    is JsonArray -> "a list"

    is JsonPrimitive -> if (value.isString) {
        "a string"
    } else if (value.booleanOrNull != null) {
        "true or false"
    } else {
        "a number"
    }
}

private const val NOT_EDITABLE = "may not be changed, added or left out: only the values of editable fields may differ"
private const val HIDDEN = "is hidden from approvers: leave [redacted] in its place, and items of lists that hold it as they are"
internal const val NOT_ALONE = "may be changed only by somebody whose approval alone is enough: others would have approved something else"
private const val LONGEST_PATH = 200
