package dev.sesame.testing

import dev.sesame.ApprovalRequest
import dev.sesame.DecisionHandlers
import dev.sesame.InvalidRequestException
import dev.sesame.WebhookVerifier
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.hours

private const val HOOK = "https://shop.example/hooks"

class WebhooksTest :
    FunSpec({
        val broker by fakeBroker()

        test("a decision's webhook runs its handler, and a second delivery runs nothing more") {
            val sesame = broker.sesame()
            var runs = 0
            val handlers = DecisionHandlers(sesame) { on("payments.refund") { ++runs } }
            val verifier = WebhookVerifier(broker.webhookSecret, clock = broker.clock)
            val asked = sesame.trigger("payments.refund", callbackUrl = HOOK)
            broker.webhooks.shouldBeEmpty()
            broker.clock.advance(4.hours)
            broker.approver("ana").approves(asked.id)

            repeat(2) {
                val webhook = broker.webhooks.single()
                webhook.url shouldBe HOOK
                handlers.dispatch(verifier.verify(webhook.body, webhook.headers)).mayAcknowledge shouldBe true
            }
            // As in another process, which remembers nothing.
            val elsewhere = DecisionHandlers(sesame) { on("payments.refund") { ++runs } }
            broker.webhooks.single().let { elsewhere.dispatch(verifier.verify(it.body, it.headers)) }
            runs shouldBe 1
            broker.assertRanOnce(asked.id)
        }

        test("its id stays, its time is that of the clock") {
            broker.approver("ana").deniesAll()
            broker.sesame().trigger("a", callbackUrl = HOOK)
            val first = broker.webhooks.single()
            broker.clock.advance(1.hours)
            val second = broker.webhooks.single()
            second.headers["webhook-id"] shouldBe first.headers["webhook-id"]
            second.headers["webhook-timestamp"] shouldBe listOf("${broker.clock.instant().epochSecond}")
            second.body.toList() shouldBe first.body.toList()
        }

        test("an endpoint is owed every decision from its registration on, each URL once") {
            broker.approver("ana").approvesAll()
            val sesame = broker.sesame()
            sesame.trigger("before")
            broker.endpoint(HOOK)
            sesame.trigger("after", callbackUrl = HOOK)
            val other = sesame.trigger("other", callbackUrl = "$HOOK/other")
            broker.webhooks.map { it.url } shouldBe listOf(HOOK, HOOK, "$HOOK/other")
            broker.webhooks.last().approvalId shouldBe other.id
        }

        test("addresses that the broker refuses are refused") {
            val bad = listOf(
                "http://shop.example/a", "https://localhost/a", "https://127.0.0.1/a", "https://[::1]/a", "https://0x7f.1/a",
                "https://me:x@shop.example",
                "https://shop.example:0/", "https://shop.example:/", "https://shöp.example/", "nonsense", "https:///a",
            )
            bad.forEach { url ->
                val refused = shouldThrow<InvalidRequestException> { broker.sesame().trigger(ApprovalRequest("a", callbackUrl = url)) }
                refused.fields.keys shouldBe setOf("callback_url")
                shouldThrow<IllegalArgumentException> { broker.endpoint(url) }
            }
            broker.assertNothingAsked()
        }
    })
