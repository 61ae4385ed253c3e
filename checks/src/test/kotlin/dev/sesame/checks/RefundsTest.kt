package dev.sesame.checks

import dev.sesame.testing.fakeBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async

class RefundsTest :
    FunSpec({
        val broker by fakeBroker()

        test("a refund is paid after a yes, once") {
            val payments = Payments()
            val paid = async { Refunds(broker.sesame(), payments).pay(Refund("ana", cents = 4_200)) }

            val asked = broker.awaitPending()
            broker.assertAsked("payments.refund", """{"customer": "ana", "cents": 4200, "currency": "EUR"}""")
            broker.approver("kim").approves(asked, note = "fine")

            paid.await() shouldBe "re_1"
            broker.assertRanOnce(asked.id)
        }
    })
