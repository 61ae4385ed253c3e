package dev.sesame.broker.http

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** A check that never complains would prove nothing. */
class SchemaCheckTest :
    FunSpec({
        val document = json(
            """{"base": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
               "next": {"${'$'}ref": "#/base", "required": ["b"], "properties": {"b": {"type": "integer"}}}}""",
        )
        val check = SchemaCheck(document)

        fun faults(schema: String, value: String) = check.faults(json(schema), Json.parseToJsonElement(value))

        listOf(
            """{"type": "string"}""" to listOf("\"a\"" to true, "1" to false, "null" to false),
            """{"type": ["string", "null"]}""" to listOf("\"a\"" to true, "null" to true, "{}" to false),
            """{"type": "integer", "minimum": 1, "maximum": 3}""" to
                listOf("1" to true, "3" to true, "0" to false, "4" to false, "\"1\"" to false),
            """{"type": "number"}""" to listOf("1.5" to true, "true" to false),
            """{"type": "boolean"}""" to listOf("true" to true, "1" to false),
            """{"type": "string", "minLength": 1, "maxLength": 2}""" to listOf("\"\"" to false, "\"😀😀\"" to true, "\"abc\"" to false),
            """{"type": "string", "pattern": "^a+${'$'}"}""" to listOf("\"aa\"" to true, "\"ab\"" to false),
            """{"type": "string", "format": "date-time"}""" to listOf("\"2026-01-01T00:00:00Z\"" to true, "\"2026-01-01\"" to false),
            """{"enum": ["a", null]}""" to listOf("\"a\"" to true, "null" to true, "\"b\"" to false),
            """{"type": "array", "items": {"type": "integer"}, "maxItems": 2}""" to
                listOf("[1]" to true, "[\"a\"]" to false, "[1, 1, 1]" to false),
            """{"type": "object", "additionalProperties": true}""" to listOf("""{"any": 1}""" to true),
            """{"oneOf": [{"${'$'}ref": "#/base"}, {"type": "null"}]}""" to listOf("null" to true, """{"a": "b"}""" to true, "{}" to false),
            """{"oneOf": [{"type": "string"}, {"enum": ["a"]}]}""" to listOf("\"a\"" to false, "\"b\"" to true),
        ).forEach { (schema, values) ->
            test("of $schema") {
                values.filter { (value, conforms) -> faults(schema, value).isEmpty() != conforms }.shouldBeEmpty()
            }
        }

        test("what is missing, unknown or wrong is named with its place") {
            faults("""{"${'$'}ref": "#/base"}""", """{"b": 1}""") shouldContainExactly listOf("$.a is missing", "$.b is not in the schema")
            faults("""{"items": {"${'$'}ref": "#/base"}}""", """[{"a": 1}]""") shouldContainExactly listOf("$[0].a is not string: 1")
        }

        test("what stands beside a reference adds to it") {
            faults("""{"${'$'}ref": "#/next"}""", """{"a": "x", "b": 1}""").shouldBeEmpty()
            faults("""{"${'$'}ref": "#/next"}""", "{}") shouldHaveSize 2
        }

        test("a keyword that the check doesn't know, and a reference that leads nowhere, are no silent yes") {
            shouldThrow<IllegalArgumentException> { faults("""{"multipleOf": 2}""", "2") }
            shouldThrow<IllegalStateException> { faults("""{"${'$'}ref": "#/absent"}""", "2") }
        }
    })

private fun json(text: String): JsonObject = Json.parseToJsonElement(text).jsonObject
