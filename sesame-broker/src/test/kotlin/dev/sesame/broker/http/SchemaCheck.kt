package dev.sesame.broker.http

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.longOrNull
import java.time.Instant
import java.time.format.DateTimeParseException

/**
 * Holds a value against a schema of [document], in the part of JSON Schema that our contract uses; another keyword is a fault of the test.
 *
 * In one thing it is stricter: a property that the schema doesn't name is a fault, unless `additionalProperties` is true.
 */
internal class SchemaCheck(private val document: JsonObject) {
    /** What is wrong with [value], each with its place; empty where it conforms. */
    fun faults(schema: JsonObject, value: JsonElement, at: String = "$"): List<String> {
        val whole = resolve(schema)
        val unknown = whole.keys.filter { it !in KEYWORDS && !it.startsWith("x-") }
        require(unknown.isEmpty()) { "this check doesn't know $unknown" }
        whole["oneOf"]?.let { return oneOf(it.jsonArray, value, at) }
        val types = whole["type"].words()
        if (types.isNotEmpty() && types.none { value.isA(it) }) return listOf("$at is not ${types.joinToString(" or ")}: $value")
        val allowed = whole["enum"]?.jsonArray
        if (allowed != null && value !in allowed) return listOf("$at is none of $allowed: $value")
        return when (value) {
            is JsonNull -> emptyList()
            is JsonObject -> members(whole, value, at)
            is JsonArray -> items(whole, value, at)
            is JsonPrimitive -> if (value.isString) text(whole, value.content, at) else number(whole, value, at)
        }
    }

    /** What [reference], such as `#/components/schemas/Approval`, stands for. */
    fun at(reference: String): JsonObject? = reference.removePrefix("#/").split('/')
        .fold(document as JsonElement?) { node, name -> (node as? JsonObject)?.get(name) } as? JsonObject

    /** The schema with what it refers to put in; what stands beside the reference adds to it. */
    fun resolve(schema: JsonObject): JsonObject {
        val reference = schema["\$ref"]?.jsonPrimitive?.content ?: return schema
        val target = resolve(checkNotNull(at(reference)) { "$reference leads nowhere" })
        val properties = target.child("properties") + schema.child("properties")
        val required = (target["required"].words() + schema["required"].words()).map(::JsonPrimitive)
        val joined = mapOf("properties" to JsonObject(properties), "required" to JsonArray(required))
        return JsonObject(target + (schema - "\$ref") + joined.filterKeys { it in target || it in schema })
    }

    private fun oneOf(schemas: JsonArray, value: JsonElement, at: String): List<String> {
        val answers = schemas.map { faults(it.jsonObject, value, at) }
        return when (answers.count { it.isEmpty() }) {
            0 -> answers.flatten()
            1 -> emptyList()
            else -> listOf("$at is more than one of its kinds")
        }
    }

    private fun members(schema: JsonObject, value: JsonObject, at: String): List<String> {
        val named = schema.child("properties")
        val missing = schema["required"].words().filter { it !in value }.map { "$at.$it is missing" }
        val isOpen = schema["additionalProperties"] == JsonPrimitive(true)
        return missing + value.flatMap { (name, member) ->
            val its = named[name]?.jsonObject
            if (its != null) faults(its, member, "$at.$name") else listOf("$at.$name is not in the schema").filter { !isOpen }
        }
    }

    private fun items(schema: JsonObject, value: JsonArray, at: String): List<String> {
        val atMost = schema["maxItems"]?.jsonPrimitive?.longOrNull
        val tooMany = listOf("$at has more than $atMost items").filter { atMost != null && value.size > atMost }
        val each = schema["items"]?.jsonObject ?: return tooMany
        return tooMany + value.flatMapIndexed { index, item -> faults(each, item, "$at[$index]") }
    }

    private fun text(schema: JsonObject, value: String, at: String): List<String> {
        val length = value.codePointCount(0, value.length)
        val pattern = schema["pattern"]?.jsonPrimitive?.content
        return listOfNotNull(
            "$at is shorter than its minLength".takeIf { length < (schema.number("minLength") ?: 0.0) },
            "$at is longer than its maxLength".takeIf { length > (schema.number("maxLength") ?: Double.MAX_VALUE) },
            "$at doesn't match $pattern: $value".takeIf { pattern != null && !Regex(pattern).containsMatchIn(value) },
            "$at is no time in UTC: $value".takeIf { schema["format"] == JsonPrimitive("date-time") && !value.isUtc() },
        )
    }

    private fun number(schema: JsonObject, value: JsonPrimitive, at: String): List<String> {
        val number = value.doubleOrNull ?: return emptyList() // true or false
        return listOfNotNull(
            "$at is below its minimum".takeIf { number < (schema.number("minimum") ?: -Double.MAX_VALUE) },
            "$at is above its maximum".takeIf { number > (schema.number("maximum") ?: Double.MAX_VALUE) },
        )
    }

    private fun JsonElement.isA(type: String): Boolean = when (type) {
        "null" -> this is JsonNull
        "object" -> this is JsonObject
        "array" -> this is JsonArray
        "string" -> this is JsonPrimitive && isString
        "boolean" -> this is JsonPrimitive && !isString && content in setOf("true", "false")
        "integer" -> this is JsonPrimitive && !isString && longOrNull != null
        "number" -> this is JsonPrimitive && !isString && doubleOrNull != null
        else -> error("$type is no type")
    }

    private fun String.isUtc(): Boolean = try {
        Instant.parse(this)
        endsWith("Z")
    } catch (_: DateTimeParseException) {
        false
    }

    private companion object {
        val KEYWORDS = setOf(
            "type", "required", "properties", "additionalProperties", "enum", "items", "maxItems", "oneOf", "pattern", "format",
            "minimum", "maximum", "minLength", "maxLength", "description", "default", "examples",
        )
    }
}

/** The words of a keyword that is one word or a list of them. */
internal fun JsonElement?.words(): List<String> = when (this) {
    null -> emptyList()
    is JsonArray -> map { it.jsonPrimitive.content }
    else -> listOf(jsonPrimitive.content)
}

internal fun JsonObject.child(name: String): JsonObject = this[name]?.jsonObject ?: JsonObject(emptyMap())

internal fun JsonObject.number(name: String): Double? = this[name]?.jsonPrimitive?.doubleOrNull
