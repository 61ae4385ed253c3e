package dev.sesame.ktor

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.ktor.client.request.setBody
import io.ktor.server.application.Application
import io.ktor.server.response.respondText
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

private const val REFUND = """{"cents":2100.0,"customer":"ana"}"""

/** Refunds whose amount and customer stand in the approval, of which an approver may change [editable]. */
private class Refunds(private val editable: List<String>) {
    val broker = BrokerInMemory()
    val paid = mutableListOf<String>()
    val module: Application.() -> Unit = {
        routing {
            gated(
                broker.sesame,
                "payments.refund",
                context = { _, body -> Json.parseToJsonElement(body.decodeToString()).jsonObject },
                editable = editable,
            ) {
                post("/refund") {
                    paid += call.approval.effectiveContext.getValue("cents").toString()
                    call.respondText("paid")
                }
            }
        }
    }

    /** Asks for [REFUND], approves it with [changes], and sends [again]; the answer's status and code. */
    suspend fun refund(changes: Map<String, JsonElement>, again: String = REFUND): Pair<Int, String?> {
        lateinit var answer: Pair<Int, String?>
        Engine.TEST_HOST.serving(module) { site ->
            val location = checkNotNull(site.send("/refund") { setBody(REFUND) }.headers["Location"])
            broker.approve(idIn(location), edited = JsonObject(broker.contexts.single() + changes))
            val told = site.send(location) { setBody(again) }
            answer = told.status.value to if (told.status.value == 200) null else told.code()
        }
        return answer
    }
}

class GatedEditsTest :
    FunSpec({
        test("a handler that takes it from the approval gets what the approver made of an editable field") {
            val refunds = Refunds(editable = listOf("cents"))
            refunds.refund(mapOf("cents" to JsonPrimitive(1_500))) shouldBe (200 to null)
            refunds.paid shouldContainExactly listOf("1500")
            refunds.broker.asked.single()["editable"].toString() shouldBe """["cents"]"""
        }

        test("an approval without a change is as good, where the same number comes back in another form") {
            val refunds = Refunds(editable = listOf("cents"))
            refunds.refund(mapOf("cents" to JsonPrimitive(2_100))) shouldBe (200 to null)
            refunds.paid shouldContainExactly listOf("2100")
        }

        mapOf(
            "of a field that the route doesn't name" to mapOf("cents" to JsonPrimitive(1_500), "customer" to JsonPrimitive("bob")),
            "of the request itself" to mapOf("path" to JsonPrimitive("/payout")),
            "that adds a field" to mapOf("currency" to JsonPrimitive("EUR")),
        ).forEach { (what, changes) ->
            test("an edit $what lets nothing pass, whatever the broker says was editable") {
                val refunds = Refunds(editable = listOf("cents"))
                refunds.refund(changes)
                refunds.paid.shouldBeEmpty()
            }
        }

        test("without editable fields any edit is for no request") {
            val refunds = Refunds(editable = emptyList())
            refunds.refund(mapOf("cents" to JsonPrimitive(1_500))) shouldBe (409 to "request_mismatch")
            refunds.paid.shouldBeEmpty()
        }

        test("an edited approval lets only the request pass that was asked about, not one that asks for the edit") {
            val refunds = Refunds(editable = listOf("cents"))
            val edit = mapOf("cents" to JsonPrimitive(1_500))
            refunds.refund(edit, again = REFUND.replace("2100.0", "1500")) shouldBe (409 to "request_mismatch")
            refunds.paid.shouldBeEmpty()
        }

        test("what tells of the request itself is neither editable nor the route's to tell") {
            shouldThrow<IllegalArgumentException> {
                Engine.TEST_HOST.serving(Refunds(editable = listOf("body_sha256")).module) { it.send("/refund") }
            }
            val refunds = Refunds(editable = listOf("cents"))
            Engine.CIO.serving(refunds.module) { it.send("/refund") { setBody("""{"path":"/payout"}""") }.status.value shouldBe 500 }
            refunds.broker.asked.shouldBeEmpty()
        }
    })
