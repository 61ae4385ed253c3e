package dev.sesame.rules

import dev.sesame.Mode
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject

private fun read(fields: String): Asked {
    val context = """{"amount": 20, "to": "DE00"}"""
    val body = Json.parseToJsonElement("""{"action": "payments.refund", "summary": "Refund", "context": $context, $fields}""")
    return readAsked(body.jsonObject, Mode.LIVE, noon, judgeUrl = { null })
}

private fun refused(fields: String): List<String> =
    shouldThrow<Problem> { read(fields) }.also { it.code shouldBe ProblemCode.INVALID }.fields.map { it.field }

private fun names(count: Int) = (1..count).joinToString(prefix = "[", postfix = "]") { "\"n$it\"" }

/** `editable`, `groups`, `approvals_required` and `approvals_per_group` of `POST /v1/approvals`. */
class RequiredFieldsTest :
    FunSpec({
        test("without them, one approval of anybody suffices and nothing is editable") {
            val asked = read(""""editable": [], "groups": null""")
            listOf(asked.approvalsRequired, asked.groups, asked.approvalsPerGroup, asked.editable) shouldBe
                listOf(1, emptyList<String>(), emptyMap<String, Int>(), emptyList<String>())
        }

        test("they are taken as they are sent") {
            val asked = read(""""editable": ["amount"], "approvals_required": 3, "groups": ["a", "b"], "approvals_per_group": {"a": 1}""")
            listOf(asked.approvalsRequired, asked.groups, asked.approvalsPerGroup, asked.editable) shouldBe
                listOf(3, listOf("a", "b"), mapOf("a" to 1), listOf("amount"))
        }

        test("numbers for groups name the groups, and how many people that is in all") {
            val asked = read(""""approvals_per_group": {"a": 1, "b": 2}""")
            asked.groups shouldBe listOf("a", "b")
            asked.approvalsRequired shouldBe 3
        }

        test("a name that is no field of the context is refused: nothing would be editable, and nobody would notice") {
            refused(""""editable": ["amuont"]""") shouldBe listOf("editable")
        }

        test("every limit is refused by the field's name") {
            refused(""""editable": "amount"""") shouldBe listOf("editable")
            refused(""""editable": ["amount", "amount"]""") shouldBe listOf("editable")
            refused(""""editable": ${names(51)}""") shouldBe listOf("editable")
            refused(""""groups": ${names(11)}""") shouldBe listOf("groups")
            refused(""""groups": [""]""") shouldBe listOf("groups")
            refused(""""groups": ["${"x".repeat(101)}"]""") shouldBe listOf("groups")
            refused(""""groups": [1]""") shouldBe listOf("groups")
            refused(""""approvals_required": 0""") shouldBe listOf("approvals_required")
            refused(""""approvals_required": 11""") shouldBe listOf("approvals_required")
            refused(""""approvals_per_group": {"a": 0}""") shouldBe listOf("approvals_per_group")
            refused(""""approvals_per_group": {"a": "1"}""") shouldBe listOf("approvals_per_group")
            refused(""""approvals_per_group": {"a": 6, "b": 5}""") shouldBe listOf("approvals_per_group")
            refused(""""approvals_per_group": {"c": 1}, "groups": ["a"]""") shouldBe listOf("approvals_per_group")
            refused(""""approvals_per_group": {"a": 2, "b": 1}, "approvals_required": 2""") shouldBe listOf("approvals_required")
        }

        test("at the limits all is well") {
            read(""""groups": ${names(10)}, "approvals_required": 10""").groups.size shouldBe 10
            read(""""groups": ["${"x".repeat(100)}"], "editable": ["amount", "to"]""").approvalsPerGroup.entries.shouldBeEmpty()
        }
    })
