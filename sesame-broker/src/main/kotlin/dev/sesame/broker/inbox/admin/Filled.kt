package dev.sesame.broker.inbox.admin

import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import io.ktor.http.Parameters
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What a form sent. */
internal class Filled(private val fields: Parameters) {
    operator fun get(name: String): String = fields[name].orEmpty().trim()

    /** Those fields, and one that the page knows, as programs send them: what judges theirs judges these. */
    fun fields(vararg names: String, besides: Pair<String, String>? = null): Fields =
        Fields(JsonObject((names.map { it to get(it) } + listOfNotNull(besides)).associate { (name, text) -> name to JsonPrimitive(text) }))

    /** The form again, as it was typed, with what was wrong; what is said of no field is said at [place]. */
    fun again(problem: Problem, place: String): Typed {
        val words = problem.fields.groupBy({ it.field }) { it.message }.mapValues { it.value.joinToString(", and ") }
        val wrong = words.mapValues { Wrong(it.value, isSentence = false) }
        return Typed(this, wrong.ifEmpty { mapOf(place to Wrong(problem.detail, isSentence = true)) })
    }
}

/** What is wrong with a field: words that follow its name, or a sentence of its own. */
internal class Wrong(val words: String, val isSentence: Boolean)

/** A form as it is shown: what was typed, and what was wrong with it. */
internal class Typed(private val filled: Filled? = null, private val wrong: Map<String, Wrong> = emptyMap()) {
    operator fun get(name: String): String = filled?.get(name).orEmpty()

    fun wrongWith(name: String): Wrong? = wrong[name]
}
