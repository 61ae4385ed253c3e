package dev.sesame.broker.delivery

import dev.sesame.Mode
import dev.sesame.WebhookReason
import dev.sesame.WebhookSecret
import dev.sesame.WebhookVerificationException
import dev.sesame.WebhookVerifier
import dev.sesame.broker.TestBroker
import dev.sesame.broker.http.Contract
import dev.sesame.broker.json
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

/** Decisions of test requests go the way of all others, marked as what they are. */
class TestModeWebhookTest :
    FunSpec({
        val secret = WebhookSecret.random()
        val broker = autoClose(TestBroker(webhookSecret = secret))

        test("callback_url and endpoints get them though nobody looks, and only who allows test mode takes them") {
            Receiver().use { callback ->
                Receiver().use { endpoint ->
                    val requester = broker.testing()
                    val made = broker.admin.post("/v1/admin/endpoints", "requester" to requester.name, "url" to endpoint.url)
                    val answer = json("decide" to "deny", "after_ms" to 100, "note" to "by the test")
                    val id = requester.asked("callback_url" to callback.url, "test" to answer)
                    mapOf(callback to secret, endpoint to WebhookSecret.of(made.text("secret")!!)).forEach { (receiver, its) ->
                        val got = receiver.await(1).single()
                        val headers = got.headers.mapValues { listOf(it.value) }
                        val event = WebhookVerifier(its, allowTestMode = true).verify(got.bytes, headers)
                        listOf(event.approvalId, event.mode, event.type, event.note) shouldBe
                            listOf(id, Mode.TEST, "approval.denied", "by the test")
                        event.decidedBy.shouldBeNull()
                        shouldThrow<WebhookVerificationException> { WebhookVerifier(its).verify(got.bytes, headers) }
                            .reason shouldBe WebhookReason.MODE
                        Contract.check.faults(Contract.schema("DecisionEvent"), got.json).shouldBeEmpty()
                    }
                }
            }
        }
    })
