package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

private fun contextOf(text: String): JsonObject = Json.parseToJsonElement(text).jsonObject

/** The known hashes were made with Python's hashlib over the text in the comment. */
class RequestHashTest :
    FunSpec({
        val refund = contextOf("""{"amount":20,"currency":"EUR","note":"café","lines":[{"sku":"b","qty":1},{"sku":"a","qty":2.5}]}""")

        // {"action":"payments.refund",
        //  "context":{"amount":20,"currency":"EUR","lines":[{"qty":1,"sku":"b"},{"qty":2.5,"sku":"a"}],"note":"café"}} on one line, no blanks
        val known = "sha256:9ff1c29279b6f7b8c85f9a6804b3775654600bf609bd51f3fe973b1dfb2729f3"

        test("it is the SHA-256 of the canonical form of action and context, in UTF-8") {
            CanonicalJson.requestHash("payments.refund", refund) shouldBe known
        }

        test("an empty context is hashed as one") {
            // {"action":"payments.refund","context":{}}
            CanonicalJson.requestHash("payments.refund", contextOf("{}")) shouldBe
                "sha256:147a5cc3159631f567654ae37b47a701fdb893f141ae9457f597216dd2e0c172"
        }

        test("the order of members, blanks, escapes and the spelling of numbers don't matter") {
            val same = contextOf(
                """{ "lines": [ {"qty":1.0,"sku":"b"}, {"sku":"a","qty":25e-1} ], "note":"caf\u00e9", "currency":"EUR", "amount":2e1 }""",
            )
            CanonicalJson.requestHash("payments.refund", same) shouldBe known
        }

        test("another action is another request") {
            CanonicalJson.requestHash("payments.refunds", refund) shouldNotBe known
        }

        mapOf(
            "other value" to """{"amount":21,"currency":"EUR","note":"café","lines":[{"sku":"b","qty":1},{"sku":"a","qty":2.5}]}""",
            "a text" to """{"amount":"20","currency":"EUR","note":"café","lines":[{"sku":"b","qty":1},{"sku":"a","qty":2.5}]}""",
            "other order" to """{"amount":20,"currency":"EUR","note":"café","lines":[{"sku":"a","qty":2.5},{"sku":"b","qty":1}]}""",
            "null more" to """{"amount":20,"currency":"EUR","note":"café","lines":[{"sku":"b","qty":1},{"sku":"a","qty":2.5}],"x":null}""",
            "an accent apart" to
                """{"amount":20,"currency":"EUR","note":"cafe\u0301","lines":[{"sku":"b","qty":1},{"sku":"a","qty":2.5}]}""",
            "nothing" to "{}",
        ).forEach { (what, other) ->
            test("another context is another request: $what") {
                CanonicalJson.requestHash("payments.refund", contextOf(other)) shouldNotBe known
            }
        }
    })
