package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.maps.shouldContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

@Serializable
private data class Refund(val amount: Int, val customer: String, val currency: String = "EUR")

@Serializable
private class Positive(val amount: Int) {
    init {
        require(amount > 0) { "not positive" }
    }
}

private fun edited(context: JsonObject): Approval = document(edited = context).asApproval()

class ContextTest :
    FunSpec({
        test("a context of a class holds every field, those with default values too: a human sees them all") {
            contextOf(Refund(4200, "cus_1")) shouldBe context {
                put("amount", 4200)
                put("customer", "cus_1")
                put("currency", "EUR")
            }
        }

        test("a value that is no object is no context") {
            shouldThrow<InvalidRequestException> { contextOf(listOf(1, 2)) }
            shouldThrow<InvalidRequestException> { contextOf("text") }
            shouldThrow<InvalidRequestException> { contextOf<Refund?>(null) }
        }

        test("a number that is none in JSON is refused") {
            shouldThrow<InvalidRequestException> { contextOf(mapOf("amount" to Double.NaN)) }
        }

        test("what was approved is read as the class that was asked with") {
            document(context = contextOf(Refund(4200, "cus_1"))).asApproval().contextAs<Refund>() shouldBe Refund(4200, "cus_1")
        }

        test("what an approver edited is what is read") {
            edited(editedContext).contextAs<Refund>() shouldBe Refund(2100, "cus_1")
        }

        mapOf(
            "lacks a field" to context { put("amount", 1) },
            "has a field that the class doesn't have" to
                context {
                    put("amount", 1)
                    put("customer", "cus_1")
                    put("iban", "DE00")
                },
            "has another type" to
                context {
                    put("amount", "much")
                    put("customer", "cus_1")
                },
        ).forEach { (name, misfit) ->
            test("an edited context that $name is a misfit, which names the approval") {
                val problem = shouldThrow<ProtocolException> { edited(misfit).contextAs<Refund>() }
                problem.message!! shouldContain ID
                problem.stackTraceToString() shouldNotContain "much" // nor any other value, by way of a cause
            }
        }

        test("a class that refuses the approved values refuses the context") {
            shouldThrow<ProtocolException> { edited(context { put("amount", -1) }).contextAs<Positive>() }
        }

        mapOf(
            "context.amount" to context { put("amount", 9007199254740993L) },
            "context.lines[1].amount" to
                context {
                    putJsonArray("lines") {
                        addJsonObject { put("amount", 1) }
                        addJsonObject { put("amount", 9007199254740993L) }
                    }
                },
            "context.payee.name" to context { putJsonObject("payee") { put("name", "\ud800") } },
        ).forEach { (field, context) ->
            test("what can't be hashed alike everywhere is refused before it is sent, as $field") {
                val http = ScriptedHttp()
                http.sesame().use { sesame ->
                    val problem = shouldThrow<InvalidRequestException> { sesame.approve(ACTION, context = context) { error("never") } }
                    problem.fields shouldContainKey field
                    problem.message!! shouldContain field
                    shouldThrow<InvalidRequestException> { sesame.trigger(ACTION, context = context) }
                }
                http.sent.shouldBeEmpty()
            }
        }
    })
