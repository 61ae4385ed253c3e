package dev.sesame

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonPrimitive
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

/** A question that is sent twice is asked once. */
class DedupKeyTest :
    FunSpec({
        test("a call without a dedup key gets one that can't be guessed, the same each time it is sent") {
            val http = ScriptedHttp()
            http.on(Step.OPEN, { Reply("", 503) }, { Reply("", 503) }, { Reply(document("pending")) })
            http.sesame().use { it.trigger(ACTION, context = refundContext) }
            val keys = http.sentTo(Step.OPEN).map { it.text("dedup_key") }
            keys shouldHaveSize 3
            keys.toSet() shouldHaveSize 1
            keys.first() shouldMatch Regex("[A-Za-z0-9_-]{22,}")
        }

        test("two calls with the same content are two questions") {
            val http = ScriptedHttp()
            http.sesame().use { sesame -> repeat(2) { sesame.trigger(ACTION, context = refundContext) } }
            http.sentTo(Step.OPEN).map { it.text("dedup_key") }.toSet() shouldHaveSize 2
        }

        test("a given dedup key is sent as it is") {
            val http = ScriptedHttp()
            http.sesame().use { it.trigger(ACTION, context = refundContext, dedupKey = "refund/ä 1") }
            http.sentTo(Step.OPEN).single().text("dedup_key") shouldBe "refund/ä 1"
        }

        test("what is asked is sent under the names of the contract, and nothing that wasn't given") {
            val http = ScriptedHttp()
            val request = ApprovalRequest(
                ACTION,
                reason = "twice billed",
                context = refundContext,
                dedupKey = "k",
                expiresIn = 1.hours,
                validFor = 90_001.milliseconds,
                requestedBy = "agent 7",
                riskScore = 0.25,
                callbackUrl = "https://example.org/hook",
            )
            http.sesame().use { sesame ->
                sesame.trigger(request)
                sesame.trigger(ACTION)
            }
            val (full, bare) = http.sentTo(Step.OPEN).map { it.body }
            full.mapValues { (_, value) -> (value as? JsonPrimitive)?.content } shouldBe mapOf(
                "action" to ACTION,
                "summary" to "Run $ACTION",
                "reason" to "twice billed",
                "context" to null,
                "dedup_key" to "k",
                "expires_in" to "3600",
                "valid_for" to "91",
                "requested_by" to "agent 7",
                "risk_score" to "0.25",
                "callback_url" to "https://example.org/hook",
            )
            full["context"] shouldBe refundContext
            bare.keys shouldBe setOf("action", "summary", "context", "dedup_key")
            bare.getValue("summary").jsonPrimitive.content shouldBe "Run $ACTION"
        }
    })
