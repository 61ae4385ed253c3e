package dev.sesame.broker.http

import dev.sesame.broker.TestBroker
import dev.sesame.broker.json
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith

/** What is wrong with the fields of `POST /v1/approvals`: each is 422 and named, and nothing is opened. */
class BadOpenHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()

        fun refused(name: String, field: String, vararg fields: Pair<String, Any?>) {
            test("$name is 422 and names $field") {
                val answer = requester.ask(*fields)
                withClue(answer) {
                    answer shouldBeRefusedWith (422 to "invalid")
                    answer.wrongFields shouldContainExactly listOf(field)
                    answer.header("Content-Type")!! shouldStartWith "application/problem+json"
                    answer.json.keys shouldBe setOf("type", "title", "status", "detail", "code", "request_id", "errors")
                    answer.text("request_id") shouldBe answer.header("Request-Id")
                }
            }
        }

        LIMITS.forEach { (field, longest) ->
            test("$field may have $longest characters") { requester.ask(field to "x".repeat(longest)).status shouldBe 201 }
            refused("$field with ${longest + 1} characters", field, field to "x".repeat(longest + 1))
            WRONG_TEXTS.forEach { (what, value) -> refused("$field as $what", field, field to value) }
        }
        listOf("action", "summary").forEach {
            refused("$it missing", it, it to null)
            refused("$it empty", it, it to "")
        }

        listOf("a string" to "x", "a number" to 7, "a list" to listOf(1), "true" to true).forEach { (what, value) ->
            refused("context as $what", "context", "context" to value)
        }
        refused("context of 33 levels", "context", "context" to nested(33))
        test("context of 32 levels is taken") { requester.ask("context" to nested(32)).status shouldBe 201 }
        refused("context above 64 KiB", "context", "context" to mapOf("a" to "x".repeat(65_536 - 7)))
        test("context of 64 KiB is taken") { requester.ask("context" to mapOf("a" to "x".repeat(65_536 - 8))).status shouldBe 201 }

        listOf("expires_in" to 10L..2_592_000L, "valid_for" to 60L..2_592_000L).forEach { (field, range) ->
            listOf(range.first - 1, range.last + 1, -1, 0, Long.MAX_VALUE, "60", 60.5, true, listOf(60)).forEach {
                refused("$field $it", field, field to it)
            }
            test("$field may be ${range.first} and ${range.last}") {
                listOf(range.first, range.last).forEach { requester.ask(field to it).status shouldBe 201 }
            }
        }
        refused("expires_at beside expires_in", "expires_at", "expires_in" to 60, "expires_at" to "2026-12-01T00:00:00Z")
        listOf(
            "2020-01-01T00:00:00Z",
            "9999-01-01T00:00:00Z",
            "tomorrow",
            "2026-12-01",
            "2026-12-01T00:00:00",
            1_800_000_000,
            "x".repeat(500),
        )
            .forEach { refused("expires_at $it", "expires_at", "expires_at" to it) }

        listOf(-0.01, 1.01, "0.5", true, listOf(0.5)).forEach { refused("risk_score $it", "risk_score", "risk_score" to it) }
        test("risk_score may be 0 and 1") { listOf(0, 1, 0.0, 1.0).forEach { requester.ask("risk_score" to it).status shouldBe 201 } }

        refused("an unknown field", "sumary", "sumary" to "typo")
        refused("an unknown field, though null", "sumary", "sumary" to null)
        refused("a field of the document that nobody sets", "status", "status" to "approved")
        listOf("", "hook", "https://10.0.0.1/", "https://localhost/", "https://me@example.org/", "x".repeat(2_049), 7)
            .forEach { refused("callback_url $it".take(60), "callback_url", "callback_url" to it) }
        refused("test", "test", "test" to json("decide" to "approve"))
        refused("editable", "editable", "editable" to listOf("cents"))
        refused("a group that there isn't", "groups", "groups" to listOf("finance"))
        refused("more approvals than there are people", "approvals_required", "approvals_required" to 9)
        refused("approvals_required 0", "approvals_required", "approvals_required" to 0)
        refused("approvals_required 11", "approvals_required", "approvals_required" to 11)
        refused(
            "approvals_per_group of a group that isn't asked",
            "approvals_per_group",
            "groups" to listOf("a"),
            "approvals_per_group" to json("b" to 1),
        )
        test("what only says the default is taken") {
            requester.ask(
                "editable" to emptyList<String>(),
                "groups" to emptyList<String>(),
                "approvals_required" to 1,
                "approvals_per_group" to json(),
                "callback_url" to null,
            )
                .status shouldBe 201
        }

        test("everything that is wrong is told at once") {
            requester.ask("action" to 7, "summary" to "", "expires_in" to 1, "risk_score" to 2, "more" to 1).wrongFields
                .shouldContainExactlyInAnyOrder("action", "summary", "expires_in", "risk_score", "more")
        }

        test("after all of them nothing but the good ones was opened, and a normal request works") {
            val id = requester.asked("summary" to "after all")
            requester.http.get("/v1/approvals?limit=1").ids shouldContainExactly listOf(id)
            requester.http.pages("/v1/approvals?limit=100").flatten().size shouldBe LIMITS.size + 1 + 1 + 4 + 4 + 1 + 1
        }
    })

private fun nested(depth: Int): Map<String, Any> = (2..depth).fold(mapOf<String, Any>("a" to 1)) { inner, _ -> mapOf("a" to inner) }

private val LIMITS = mapOf("action" to 200, "summary" to 500, "reason" to 4_000, "dedup_key" to 255, "requested_by" to 200)

private val WRONG_TEXTS = mapOf(
    "a number" to 7,
    "true" to true,
    "a list" to listOf("x"),
    "an object" to mapOf("x" to 1),
    "text with NUL" to "a\u0000b",
)
