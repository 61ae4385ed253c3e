package dev.sesame

import dev.sesame.internal.CanonicalJson
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.time.Instant

@Serializable
private class Amount(val amount: Int, val customer: String)

private fun refused(reason: WebhookReason, body: ByteArray) {
    arrival(body).shouldBeRefused(reason)
    shouldThrow<WebhookVerificationException> { WebhookEvent.parseUnverified(body) }.reason shouldBe reason
}

/** What a genuine webhook may say, and what not even a genuine one may. */
class WebhookEventTest :
    FunSpec({
        test("an event tells all that the contract has") {
            val event = arrival(eventBody(edited = editedContext) { put("receipt", "a.b.c") }.toBytes()).verified()
            event.type shouldBe "approval.approved"
            event.approvalId shouldBe ID
            event.action shouldBe ACTION
            event.status shouldBe ApprovalStatus.APPROVED
            event.decidedAt shouldBe Instant.parse("2026-11-20T12:01:00Z")
            event.requesterLabel shouldBe "support-bot"
            event.dedupKey shouldBe "refund-882"
            event.mode shouldBe Mode.LIVE
            event.decidedBy?.name shouldBe "Ada"
            event.note shouldBe "as agreed"
            event.context shouldBe refundContext
            event.effectiveContext shouldBe editedContext
            event.edited shouldBe true
            event.requestHash shouldBe CanonicalJson.requestHash(ACTION, refundContext)
            event.contextHash shouldBe CanonicalJson.requestHash(ACTION, editedContext)
            event.receipt shouldBe "a.b.c"
            event.contextAs<Amount>().amount shouldBe 2100
            "$event" shouldBe "WebhookEvent($ID, $ACTION, approved)"
        }

        for (status in listOf("approved", "denied", "expired", "cancelled")) {
            test("$status is an end") { arrival(eventBody(status).toBytes()).verified().status.value shouldBe status }
        }

        test("what a simpler broker leaves out is null, and unknown fields are passed over") {
            val least = buildJsonObject {
                put("type", "approval.denied")
                put("approval_id", ID)
                put("action", ACTION)
                put("status", "denied")
                put("decided_by", "ada@example.org")
                put("new", 1)
            }
            val event = arrival(least.toBytes()).verified()
            event.decidedBy?.id shouldBe "ada@example.org"
            event.note shouldBe null
            event.effectiveContext shouldBe JsonObject(emptyMap())
            arrival(eventBody { put("decided_by", JsonNull) }.toBytes()).verified().decidedBy shouldBe null
        }

        test("a context that doesn't fit the class is a misfit before anything runs with it") {
            val event = arrival(eventBody().toBytes()).verified()
            shouldThrow<ProtocolException> { event.contextAs<Map<String, List<Int>>>() }.message!! shouldNotContain "cus_1"
        }

        mapOf(
            "nothing" to "",
            "no object" to "[]",
            "half an object" to eventBody().toString().dropLast(1),
            "two objects" to eventBody().toString().repeat(2),
            "another system's event" to """{"type":"invoice.paid","data":{}}""",
            "a number for a name" to eventBody { put("action", JsonNull) }.toString(),
            "no time for a time" to eventBody { put("decided_at", "yesterday") }.toString(),
            "no boolean for a boolean" to eventBody { put("edited", "perhaps") }.toString(),
            "a text for a context" to eventBody { put("context", "{}") }.toString(),
            "endless nesting" to "[".repeat(200_000),
            "endless nesting in a field that is passed over" to eventBody().toString().dropLast(1) + ",\"x\":" + "[".repeat(200_000),
        ).forEach { (name, body) ->
            test("$name is no event, whoever signed it") { refused(WebhookReason.BAD_JSON, body.toByteArray()) }
        }

        test("what isn't UTF-8 is no event, wherever the odd bytes stand") {
            val odd = eventBody().toString().replace("as agreed", "as \u0001").toByteArray().map {
                if (it ==
                    1.toByte()
                ) {
                    0xC3.toByte()
                } else {
                    it
                }
            }
            refused(WebhookReason.BAD_JSON, odd.toByteArray())
            refused(WebhookReason.BAD_JSON, byteArrayOf(0xFF.toByte(), 0xFE.toByte()))
        }

        mapOf(
            "a type that is not that of its status" to eventBody("denied") { put("type", "approval.approved") },
            "a status that is not that of its type" to eventBody("denied") { put("status", "approved") },
            "a type that isn't known" to eventBody("escalated"),
            "an end that is none" to eventBody("pending"),
            "another context than was asked" to eventBody { put("context", editedContext) },
            "another effective context than was approved" to eventBody { put("effective_context", editedContext) },
            "an edit that nobody made" to eventBody(edited = editedContext) { put("edited", false) },
            "another action than was hashed" to eventBody { put("action", "payments.payout") },
            "a context without a canonical form" to eventBody { put("effective_context", context { put("amount", 9007199254740993L) }) },
        ).forEach { (name, body) ->
            test("an event with $name contradicts itself") { refused(WebhookReason.CONTRADICTORY, body.toBytes()) }
        }

        test("an event of test mode is refused unless it is allowed, and one of an unknown mode always") {
            val allowing = WebhookVerifier(secret, allowTestMode = true, clock = clockAt())
            val test = arrival(eventBody { put("mode", "test") }.toBytes())
            test.shouldBeRefused(WebhookReason.MODE)
            test.verified(allowing).mode shouldBe Mode.TEST
            arrival(eventBody { put("mode", "rehearsal") }.toBytes()).shouldBeRefused(WebhookReason.MODE, allowing)
        }

        test("what was parsed without verifying says so") {
            val event = WebhookEvent.parseUnverified(eventBody().toBytes())
            event.isVerified shouldBe false
            event.webhookId shouldBe null
            event.sentAt shouldBe null
        }

        test("a refusal knows whether the sender is genuine: 400 for these, 401 for the others") {
            val genuine = setOf(WebhookReason.BAD_JSON, WebhookReason.CONTRADICTORY, WebhookReason.MODE)
            genuine.all { it.isGenuine } shouldBe true
            val forged = with(WebhookReason) { listOf(MISSING_HEADER, REPEATED_HEADER, MALFORMED_HEADER, TOO_OLD, TOO_NEW, BAD_SIGNATURE) }
            forged.none { it.isGenuine } shouldBe true
        }
    })
