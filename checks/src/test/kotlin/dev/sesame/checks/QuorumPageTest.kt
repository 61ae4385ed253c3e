package dev.sesame.checks

import dev.sesame.Approvers
import dev.sesame.Sesame
import dev.sesame.contextAs
import dev.sesame.contextOf
import dev.sesame.testing.FakeBroker
import dev.sesame.testing.fakeBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlin.time.Duration.Companion.hours

// What docs/quorum-and-edits.md shows, run.

private suspend fun payTogether(sesame: Sesame, payments: Payments): String {
    val receipt = sesame.approve(
        "payments.refund",
        context = contextOf(Refund("ana", cents = 420_000)),
        groups = listOf("finance", "support"),
        approvalsPerGroup = mapOf("finance" to 1, "support" to 1),
    ) { approval ->
        println(approval.votes.joinToString { "${it.by} said ${it.vote}: ${it.note}" })
        payments.pay(approval.contextAs<Refund>())
    }
    return receipt
}

private suspend fun payAsEdited(sesame: Sesame, payments: Payments): String {
    val receipt = sesame.approve(
        "payments.refund",
        context = contextOf(Refund("ana", cents = 4_200)),
        editable = listOf("cents"),
    ) { approval ->
        approval.edits.forEach { println("${it.field}: ${it.before} became ${it.after}") }
        payments.pay(approval.contextAs<Refund>()) // what was approved, not what was asked
    }
    return receipt
}

private suspend fun answer(approvers: Approvers, id: String, asked: JsonObject) {
    approvers.extend(id, expiresIn = 48.hours)
    approvers.approve(id, note = "half of it", context = JsonObject(asked + ("cents" to JsonPrimitive(2_100))))
}

class QuorumPageTest :
    FunSpec({
        test("one of each group") {
            runTest {
                val broker = fakeBroker()
                val (fay, sue) = listOf("fay", "sue").map(broker::approver)
                fay.joins("finance")
                sue.joins("support")
                val payments = Payments()
                val paid = async { payTogether(broker.sesame(), payments) }
                val asked = broker.awaitPending()
                fay.approves(asked, note = "in the budget")
                broker.approval(asked.id).votes.size shouldBe 1
                sue.approves(asked, note = "photo seen")
                paid.await() shouldBe "re_1"
            }
        }

        test("what was approved is what runs") {
            FakeBroker().use { broker ->
                val payments = Payments()
                val paid = async { payAsEdited(broker.sesame(), payments) }
                val asked = broker.awaitPending()
                Approvers(broker.approver("kim").token) { brokerUrl = broker.serve() }.use { answer(it, asked.id, asked.context!!) }
                paid.await() shouldBe "re_1"
                payments.paid.single().cents shouldBe 2_100
            }
        }

        test("in a test of your own") {
            runTest {
                val broker = fakeBroker()
                val payments = Payments()
                val paid = async { payAsEdited(broker.sesame(), payments) }
                val asked = broker.awaitPending()
                broker.approver("kim").approvesEdited(asked.id, """{"customer": "ana", "cents": 2100, "currency": "EUR"}""")
                paid.await() shouldBe "re_1"
                payments.paid.single().cents shouldBe 2_100
            }
        }
    })
