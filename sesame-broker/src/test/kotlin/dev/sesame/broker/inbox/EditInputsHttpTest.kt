package dev.sesame.broker.inbox

import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import java.math.BigDecimal

/** What is typed into one field, and what comes of it. */
class EditInputsHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val browser = broker.browser(broker.approver())

        fun asked(value: String) =
            requester.asked("context" to Json.parseToJsonElement("""{"it": $value, "other": 1}"""), "editable" to listOf("it"))

        val wrong = listOf(
            Triple("1", "12,50", "is no number"),
            Triple("1", "", "is no number"),
            Triple("1", "1 000", "is no number"),
            Triple("1", "0x10", "is no number"),
            Triple("1", "NaN", "is no number"),
            Triple("1", "01", "is no number"),
            Triple("1", ".5", "is no number"),
            Triple("1", "true", "is no number"),
            Triple("1", "9007199254740993", "more digits than"),
            Triple("1", "0.1000000000000000055511151231257827", "more digits than"),
            Triple("1", "1e999", "more digits than"),
            Triple("true", "yes", "must be true or false"),
            Triple("[1]", "[1", "is no JSON"),
            Triple("[1]", "", "write null for no value"),
            Triple("[1]", "nonsense", "is no JSON"),
            Triple("[1]", "{}", "must be a list"),
            Triple("[1]", "null", "must be a list"),
            Triple("[1]", "[9007199254740993]", "survives a JSON double"),
            Triple("{\"a\": 1}", "[]", "must be an object"),
            Triple("{\"a\": 1}", """{"a": 1, "a": 2}""", "is no JSON"),
            Triple("{\"a\": 1}", """{"a": ${"[".repeat(40)}${"]".repeat(40)}}""", "nested at most 32 deep"),
            Triple("{\"a\": 1}", """{"a": ${"[".repeat(5_000)}${"]".repeat(5_000)}}""", "is no JSON"),
            Triple("null", "text", "is no JSON"),
            Triple("\"short\"", "x".repeat(70_000), "at most 65536 bytes"),
            Triple("\"short\"", "a\u0000b", "can&#39;t be kept"),
        )

        test("what is no value of its kind comes back beside its field, with what was typed, and nothing is decided") {
            wrong.forEach { (value, typed, words) ->
                withClue("$value: ${typed.take(50)}") {
                    val id = asked(value)
                    val answer = browser.look(id, typed)
                    answer.status shouldBe 422
                    answer.text.replace("can't", "can&#39;t") shouldContain words
                    answer.text shouldContain "Nothing was decided"
                    if (value != "true" &&
                        '\u0000' !in typed
                    ) {
                        answer.text shouldContain typed.take(30).replace("\"", "&quot;").substringBefore("&")
                    }
                    requester.read(id).text("status") shouldBe "pending"
                }
            }
        }

        test("a number is approved with the value that was typed, to its last digit") {
            listOf("12.50", " -0.1 ", "1e3", "4200", "0.30000000000000004", "100000000000000000000", "9007199254740991", "1E-7").forEach {
                withClue(it) {
                    val id = asked("1.5")
                    browser.approveEdit(id, browser.look(id, it)).status shouldBe 303
                    BigDecimal(requester.read(id).text("decision.edited_context.it")).compareTo(BigDecimal(it.trim())) shouldBe 0
                }
            }
        }

        test("what is a value of its kind is approved just as it was typed") {
            listOf(
                Triple("true", "false", "false"),
                Triple("\"a\"", "", "\"\""),
                Triple("\"a\"", " <b>\u202e & \" ", "\" <b>\u202e & \\\" \""),
                Triple("\"a\\r\\nb\"", "a\r\nc", "\"a\\r\\nc\""),
                Triple("\"\\na\"", "\r\nb", "\"\\nb\""),
                Triple("null", "\"text\"", "\"text\""),
                Triple("null", "1.0", "1.0"),
                Triple("[1]", "[ 1.25, {\"a\": null} ]", "[1.25,{\"a\":null}]"),
            ).forEach { (value, typed, kept) ->
                withClue("$value: $typed") {
                    val id = asked(value)
                    browser.approveEdit(id, browser.look(id, typed)).status shouldBe 303
                    requester.read(id).at("decision.edited_context.it").toString() shouldBe kept
                }
            }
        }

        test("a form that lacks a field, or is no form of ours, changes nothing") {
            val id = asked("1")
            browser.look(id).run {
                status shouldBe 422
                text shouldContain "was not sent"
            }
            val page = browser.get("/approvals/$id")
            val fields = arrayOf("edit-0" to "2", "seen" to page.hidden("seen"), "asked" to page.hidden("asked"))
            browser.post("/approvals/$id/edit", *fields, "form" to "x").status shouldBe 403
            browser.post("/approvals/$id/edit", *fields, headers = arrayOf("Origin" to "https://evil.example")).status shouldBe 403
            browser.post("/approvals/$id/edit", *fields, "note" to "x".repeat(530_000)).status shouldBe 403
            browser.get("/approvals/$id/edit?edit-0=2").status shouldBe 405
            requester.read(id).text("status") shouldBe "pending"
        }
    })
