package dev.sesame.broker.inbox

import dev.sesame.Answer
import dev.sesame.Edit
import dev.sesame.broker.text.NotJson
import dev.sesame.broker.text.StrictJson
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.edits
import dev.sesame.rules.Editing
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.Problem
import dev.sesame.rules.Question
import dev.sesame.rules.edited
import dev.sesame.rules.readVote
import io.ktor.http.Parameters
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What an approver wants to approve in place of what was asked. */
internal sealed interface ReadEdit

/**
 * It may be approved so: [context], in which what is hidden stands as its marker, with the [hash] of what is approved by it. Without [edits] it is what
 * was asked.
 */
internal class GivenEdit(val context: JsonObject, val hash: String, val edits: List<Edit>) : ReadEdit {
    /** The values that differ, by their fields. */
    val changed: JsonObject get() = JsonObject(edits.associate { it.field to checkNotNull(it.after) })
}

/** What stands in the form's fields, by their keys, and what is wrong with which; [why] is what is wrong with all of it. */
internal class TypedEdit(val texts: Map<String, String>, val wrong: Map<String, String> = emptyMap(), val why: String? = null) : ReadEdit {
    val isWrong: Boolean get() = wrong.isNotEmpty() || why != null
}

/** Reads the form of all fields, as it was typed, over the question as it was [shown]; [asked] is all of it. */
internal fun readTyped(shown: Question, asked: Question, fields: Parameters): ReadEdit {
    val texts = mutableMapOf<String, String>()
    val wrong = mutableMapOf<String, String>()
    val values = mutableMapOf<String, JsonElement>()
    EditField.of(shown).forEach { field ->
        val typed = fields[field.key]
        texts[field.key] = typed ?: field.written(field.asked)
        try {
            values[field.name] = field.read(typed ?: throw Mistyped("was not sent"))
        } catch (problem: Mistyped) {
            wrong[field.key] = problem.message
        }
    }
    return if (wrong.isEmpty()) judged(shown, asked, values, texts) else TypedEdit(texts, wrong)
}

/** Reads [text], the values that differ as a page of ours wrote them; they are judged all the same. */
internal fun readChanged(shown: Question, asked: Question, text: String): ReadEdit {
    val changed = try {
        StrictJson.parse(text.toByteArray()) as? JsonObject
    } catch (_: NotJson) {
        null
    } catch (_: SerializationException) {
        null
    } ?: return TypedEdit(emptyMap(), why = "The changes can't be read.")
    return judged(shown, asked, changed, typed(shown, changed))
}

/** As they stand in the form. */
internal fun typed(question: Question, changed: Map<String, JsonElement>): Map<String, String> =
    EditField.of(question).associate { it.key to it.written(changed[it.name] ?: it.asked) }

/** As a program's edit is judged, and by the same rules. */
@OptIn(InternalSesameApi::class)
private fun judged(shown: Question, asked: Question, values: Map<String, JsonElement>, texts: Map<String, String>): ReadEdit {
    val context = JsonObject(shown.context + values)
    try {
        readVote(JsonObject(mapOf("decision" to JsonPrimitive(Answer.APPROVE.value), "context" to context)))
    } catch (problem: Problem) {
        return refused(shown, texts, problem.fields)
    }
    return when (val editing = asked.edited(context)) {
        is Editing.Refused -> refused(shown, texts, editing.fields)
        is Editing.Edited -> GivenEdit(context, editing.hash, edits(shown.context, context))
        Editing.None -> GivenEdit(shown.context, asked.requestHash, emptyList())
    }
}

private fun refused(question: Question, texts: Map<String, String>, problems: List<FieldProblem>): TypedEdit {
    val fields = EditField.of(question)
    val (own, others) = problems.map { problem -> fields.find { problem.isOf(it.name) } to problem }.partition { it.first != null }
    val why = others.joinToString(" ") { (_, problem) -> problem.field.replaceFirstChar(Char::uppercase) + " " + problem.message + "." }
    return TypedEdit(texts, own.associate { (field, problem) -> checkNotNull(field).key to problem.message }, why.ifEmpty { null })
}

private fun FieldProblem.isOf(name: String): Boolean = field.removePrefix("context.").let { path ->
    path != field && (path == name || path.startsWith("$name.") || path.startsWith("$name["))
}
