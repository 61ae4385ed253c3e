package dev.sesame.checks

import dev.sesame.ApprovalRequest
import dev.sesame.DecisionHandlers
import dev.sesame.ReceiptVerificationException
import dev.sesame.TestDecision
import dev.sesame.WebhookVerifier
import dev.sesame.contextAs
import dev.sesame.contextOf
import dev.sesame.testing.CallKind
import dev.sesame.testing.FakeBroker
import dev.sesame.testing.Fault
import dev.sesame.testing.Receipts
import dev.sesame.testing.fakeBroker
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runTest
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

// What docs/testing.md shows, run; see also RefundsTest and the one in Java.

class TestingPageTest :
    FunSpec({
        test("by hand") {
            FakeBroker().use { broker ->
                broker.approver("kim").deniesAll(note = "not today")
                Refunds(broker.sesame(), Payments()).pay(Refund("bo", 1)) shouldBe "not paid: not today"
            }
        }

        test("nobody answers for eight hours") {
            runTest {
                val broker = fakeBroker()
                val answer = Refunds(broker.sesame(), Payments()).pay(Refund("ana", cents = 4_200))
                answer shouldBe "not paid: nobody answered"
            }
        }

        test("Kim answers after four hours") {
            runTest {
                val broker = fakeBroker()
                val paid = async { Refunds(broker.sesame(), Payments()).pay(Refund("ana", cents = 4_200)) }
                val asked = broker.awaitPending()
                broker.clock.advance(4.hours)
                broker.approver("kim").approves(asked)
                paid.await() shouldBe "re_1"
            }
        }

        test("the answer to the claim is lost, and the refund is paid once all the same") {
            runTest {
                val broker = fakeBroker()
                val payments = Payments()
                broker.approver("kim").approvesAll()
                broker.fail(Fault.LOSE_ANSWER, of = CallKind.CLAIM)
                broker.fail(Fault.UNAVAILABLE, times = 3, of = CallKind.REPORT)
                Refunds(broker.sesame(), payments).pay(Refund("ana", cents = 4_200))
                payments.paid.size shouldBe 1
            }
        }

        test("a webhook that comes twice") {
            FakeBroker().use { broker ->
                val payments = Payments()
                val sesame = broker.sesame()
                val handlers = DecisionHandlers(sesame) { on("payments.refund") { payments.pay(it.contextAs<Refund>()) } }
                val verifier = WebhookVerifier(broker.webhookSecret, clock = broker.clock)
                broker.approver("kim").approvesAll()

                sesame.trigger("payments.refund", context = contextOf(Refund("ana", 4_200)), callbackUrl = "https://shop.example/decisions")
                repeat(2) {
                    val webhook = broker.webhooks.single()
                    handlers.dispatch(verifier.verify(webhook.body, webhook.headers))
                }
                payments.paid.size shouldBe 1
            }
        }

        test("receipts") {
            FakeBroker().use { broker ->
                val sesame = broker.sesame {
                    requireReceipt = true
                    receiptKeys = broker.receiptKeys
                }
                broker.approver("kim").approvesAll()
                sesame.approve("payments.refund") { "paid" } shouldBe "paid"

                broker.receipts(Receipts.FOREIGN)
                shouldThrow<ReceiptVerificationException> { sesame.approve("payments.refund") { "paid" } }
                broker.assertNeverRan(broker.asked.last().id)
            }
        }

        test("test mode") {
            FakeBroker().use { broker ->
                val sesame = broker.sesame {
                    apiKey = broker.testApiKey
                    allowTestMode = true
                }
                val pending = sesame.trigger(ApprovalRequest("payments.refund", test = TestDecision.approve(after = 5.minutes)))
                broker.clock.advance(5.minutes)
                pending.run { "paid" } shouldBe "paid"
            }
        }
    })
