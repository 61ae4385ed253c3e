package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldHaveLength
import kotlinx.coroutines.awaitCancellation
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.put
import kotlin.time.Duration.Companion.milliseconds

@Serializable
private data class Payment(val amount: Int, val customer: String, val currency: String = "EUR")

@Serializable
private data class Order(val id: Long)

private val ScriptedHttp.summary get() = sentTo(Step.OPEN).last().text("summary")

class GateTest :
    FunSpec({
        test("a gated function is called like a function, and gets what was approved") {
            val http = ScriptedHttp()
            http.sesame().use { sesame ->
                val refund = sesame.gate(ACTION) { payment: Payment -> "refunded ${payment.amount} to ${payment.customer}" }
                refund(Payment(4200, "cus_1")) shouldBe "refunded 4200 to cus_1"
            }
            http.sentTo(Step.OPEN).single().body["context"] shouldBe contextOf(Payment(4200, "cus_1"))
            http.leavesNothing()
        }

        test("it gets the arguments as an approver edited them, not as it was called") {
            val http = ScriptedHttp()
            val asked = contextOf(Payment(4200, "cus_1"))
            val edit = contextOf(Payment(2100, "cus_1"))
            http.on(Step.WAIT, { Reply(document(context = asked, edited = edit)) })
            http.on(Step.CLAIM, { grant(document(context = asked, edited = edit)) })
            http.sesame().use { sesame ->
                sesame.gate(ACTION, editable = listOf("amount")) { payment: Payment -> payment.amount }(Payment(4200, "cus_1")) shouldBe
                    2100
            }
        }

        test("arguments that no longer fit are not run with") {
            val http = ScriptedHttp()
            val asked = contextOf(Payment(4200, "cus_1"))
            val edit = context { put("amount", "a little less") }
            http.on(Step.WAIT, { Reply(document(context = asked, edited = edit)) })
            http.on(Step.CLAIM, { grant(document(context = asked, edited = edit)) })
            http.sesame().use { sesame ->
                val payment = sesame.gate(ACTION, editable = listOf("amount", "customer", "currency")) { _: Payment -> error("never") }
                shouldThrow<ProtocolException> { payment(Payment(4200, "cus_1")) }
            }
            http.sentTo(Step.OUTCOME).last().text("outcome") shouldBe "failed"
        }

        test("without a summary, the human reads the action and all arguments") {
            val http = ScriptedHttp()
            http.sesame().use { it.gate(ACTION) { payment: Payment -> payment }(Payment(4200, "cus_1")) }
            http.summary shouldBe """Run $ACTION with amount = 4200, customer = "cus_1", currency = "EUR""""
        }

        test("a summary of long arguments is cut where the broker's limit is") {
            val http = ScriptedHttp()
            http.sesame().use { it.gate(ACTION) { payment: Payment -> payment }(Payment(1, "x".repeat(1_000))) }
            http.summary shouldHaveLength 500
            http.summary shouldEndWith "…"
        }

        test("a summary of one's own is what the human reads") {
            val http = ScriptedHttp()
            http.sesame().use { sesame ->
                val refund = sesame.gate(ACTION, summary = { payment: Payment -> "Refund ${payment.amount}" }) { it.customer }
                refund(Payment(4200, "cus_1")) shouldBe "cus_1"
            }
            http.summary shouldBe "Refund 4200"
        }

        test("a dedup key given with the call is sent with the question") {
            val http = ScriptedHttp()
            http.sesame().use { it.gate(ACTION) { payment: Payment -> payment }(Payment(4200, "cus_1"), dedupKey = "refund-17") }
            http.sentTo(Step.OPEN).single().text("dedup_key") shouldBe "refund-17"
        }

        test("a no is thrown, and the function isn't called") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { Reply(document("denied", context = contextOf(Payment(4200, "cus_1")))) }) }
            http.sesame().use { sesame ->
                shouldThrow<ApprovalDeniedException> { sesame.gate(ACTION) { _: Payment -> error("never") }(Payment(4200, "cus_1")) }
            }
        }

        test("the gate's timeout is the caller's time") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { awaitCancellation() }) }
            http.sesame().use { sesame ->
                val refund = sesame.gate(ACTION, timeout = 100.milliseconds) { _: Payment -> error("never") }
                shouldThrow<ApprovalTimeoutException> { refund(Payment(4200, "cus_1")) }
            }
            http.leavesNothing()
        }

        test("an argument that no double holds is refused before it is sent") {
            val http = ScriptedHttp()
            http.sesame().use { sesame ->
                val cancel = sesame.gate("orders.cancel") { _: Order -> error("never") }
                shouldThrow<InvalidRequestException> { cancel(Order(9007199254740993L)) }.fields.keys shouldBe setOf("context.id")
            }
            http.sent.shouldBeEmpty()
        }
    })
