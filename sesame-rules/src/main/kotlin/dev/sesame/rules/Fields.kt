package dev.sesame.rules

import dev.sesame.internal.InstantText
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.longOrNull
import java.time.Instant

/**
 * Takes a body's fields one by one and collects what is wrong with each; [done] refuses the body if anything was, or if a field was left over:
 * a field that isn't honoured is never silently dropped.
 */
public class Fields private constructor(
    private val body: JsonObject,
    private val path: String,
    private val problems: MutableList<FieldProblem>,
) {
    public constructor(body: JsonObject) : this(body, "", mutableListOf())

    private val taken = mutableSetOf<String>()

    public fun text(name: String, length: IntRange, required: Boolean = false): String? {
        val value = take(name, required) ?: return null
        val text = (value as? JsonPrimitive)?.takeIf { it.isString }?.content ?: return refuse(name, "must be a string")
        val characters = text.codePointCount(0, text.length)
        if (characters !in length) return refuse(name, "must have ${length.inWords()} characters, not $characters")
        if (text.hasLoneSurrogate() || '\u0000' in text) return refuse(name, "must be Unicode text without NUL")
        return text
    }

    public fun whole(name: String, range: LongRange, required: Boolean = false): Long? {
        val value = take(name, required) ?: return null
        val number = (value as? JsonPrimitive)?.takeIf { !it.isString }?.longOrNull ?: return refuse(name, "must be a whole number")
        return if (number in range) number else refuse(name, "must be from ${range.first} to ${range.last}")
    }

    /** An address for webhooks; [judge] says what is wrong with it, `null` where nothing is. */
    public fun url(name: String, judge: (String) -> String?, required: Boolean = false): String? {
        val url = text(name, 1..LONGEST_URL, required) ?: return null
        return judge(url)?.let { refuse(name, it) } ?: url
    }

    public fun fraction(name: String, range: ClosedFloatingPointRange<Double>): Double? {
        val value = take(name, required = false) ?: return null
        val number = (value as? JsonPrimitive)?.takeIf { !it.isString }?.doubleOrNull ?: return refuse(name, "must be a number")
        return if (number in range) number else refuse(name, "must be from ${range.start} to ${range.endInclusive}")
    }

    public fun flag(name: String): Boolean {
        val value = take(name, required = false) ?: return false
        return (value as? JsonPrimitive)?.takeIf { !it.isString }?.booleanOrNull ?: refuse(name, "must be true or false") ?: false
    }

    public fun time(name: String): Instant? {
        val text = text(name, 1..LONGEST_TIME) ?: return null
        return InstantText.parse(text) ?: refuse(name, "must be an RFC 3339 time such as 2026-11-20T12:00:00Z")
    }

    public fun jsonObject(name: String): JsonObject? {
        val value = take(name, required = false) ?: return null
        return value as? JsonObject ?: refuse(name, "must be an object")
    }

    /** A list of different texts. */
    public fun texts(name: String, atMost: Int, length: IntRange, required: Boolean = false): List<String>? {
        val value = take(name, required) ?: return null
        val texts = (value as? JsonArray)?.map { (it as? JsonPrimitive)?.takeIf { item -> item.isString }?.content }
        val characters = texts?.map { it?.codePointCount(0, it.length) }
        return when {
            texts == null || null in texts -> refuse(name, "must be a list of strings")
            texts.size > atMost -> refuse(name, "may hold at most $atMost, not ${texts.size}")
            characters.orEmpty().any { it !in length } -> refuse(name, "may hold texts of ${length.inWords()} characters only")
            texts.distinct().size < texts.size -> refuse(name, "may hold no text twice")
            texts.any { it.orEmpty().hasLoneSurrogate() || '\u0000' in it.orEmpty() } -> refuse(name, "must be Unicode text without NUL")
            else -> texts.filterNotNull()
        }
    }

    public fun oneOf(name: String, words: List<String>, required: Boolean = false): String? {
        val value = take(name, required) ?: return null
        val word = (value as? JsonPrimitive)?.takeIf { it.isString }?.content
        return word?.takeIf { it in words } ?: refuse(name, "must be one of ${words.joinToString()}")
    }

    /** A field of the contract that isn't honoured here, or not yet: refused with [message] where it asks for anything but [harmless]. */
    public fun unsupported(name: String, harmless: JsonElement? = null, message: String = "is not supported by this broker yet") {
        val value = take(name, required = false) ?: return
        if (value != harmless) refuse<Unit>(name, message)
    }

    /** An object with fields of its own, which [read] takes; what is wrong with one is told with its path, such as `test.note`. */
    public fun <T> within(name: String, read: (Fields) -> T): T? {
        val inner = Fields(jsonObject(name) ?: return null, "$path$name.", problems)
        return read(inner).also { inner.refuseOthers() }
    }

    public fun <T> refuse(name: String, message: String): T? {
        problems += FieldProblem(path + name, message)
        return null
    }

    public fun done() {
        refuseOthers()
        if (problems.isNotEmpty()) throw invalid(*problems.toTypedArray())
    }

    private fun refuseOthers() = body.keys.filter {
        it !in taken
    }.forEach { refuse<Unit>(it.take(LONGEST_NAME), "is not a field of this call") }

    private fun take(name: String, required: Boolean): JsonElement? {
        taken += name
        val value = body[name]?.takeIf { it !is JsonNull }
        if (value == null && required) refuse<Unit>(name, "is required")
        return value
    }

    private fun IntRange.inWords() = if (first == 0) "at most $last" else "$first to $last"

    private fun String.hasLoneSurrogate(): Boolean = !Charsets.UTF_8.newEncoder().canEncode(this)

    private companion object {
        const val LONGEST_TIME = 40
        const val LONGEST_NAME = 100
        const val LONGEST_URL = 2_048
    }
}
