package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.Mode
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject

private fun read(test: String, mode: Mode = Mode.TEST): Asked {
    val body = Json.parseToJsonElement("""{"action": "payments.refund", "summary": "Refund", "test": $test}""").jsonObject
    return readAsked(body, mode, noon, judgeUrl = { null })
}

private fun refused(test: String, mode: Mode = Mode.TEST): List<String> =
    shouldThrow<Problem> { read(test, mode) }.also { it.code shouldBe ProblemCode.INVALID }.fields.map { it.field }

/** The field `test` of `POST /v1/approvals`. */
class TestFieldTest :
    FunSpec({
        test("it is read with its answer, its delay and its note") {
            val test = read("""{"decide": "deny", "after_ms": 600000, "note": "not today"}""").test.shouldNotBeNull()
            listOf(test.decide, test.afterMillis, test.note) shouldBe listOf(Answer.DENY, 600_000L, "not today")
        }

        test("the answer alone comes at once, without a note; no field at all waits") {
            val test = read("""{"decide": "approve"}""").test.shouldNotBeNull()
            listOf(test.decide, test.afterMillis, test.note) shouldBe listOf(Answer.APPROVE, 0L, null)
            read("""{"decide": "approve", "note": " "}""").test?.note.shouldBeNull()
            read("null").test.shouldBeNull()
        }

        test("with a live key it is refused by its name, whatever stands in it; null asks for nothing") {
            listOf("""{"decide": "approve"}""", "{}", """{"odd": 1}""", "true").forEach { refused(it, Mode.LIVE) shouldBe listOf("test") }
            read("null", Mode.LIVE).test.shouldBeNull()
        }

        listOf(
            "{}" to "test.decide",
            "7" to "test",
            """{"decide": "expire"}""" to "test.decide",
            """{"decide": "approve", "after_ms": -1}""" to "test.after_ms",
            """{"decide": "approve", "after_ms": 600001}""" to "test.after_ms",
            """{"decide": "approve", "after_ms": "5"}""" to "test.after_ms",
            """{"decide": "approve", "note": 5}""" to "test.note",
            """{"decide": "approve", "note": "${"n".repeat(4_001)}"}""" to "test.note",
            """{"decide": "approve", "by": "ana"}""" to "test.by",
        ).forEach { (test, field) ->
            test("${test.take(60)} is refused as $field") { refused(test) shouldBe listOf(field) }
        }
    })
