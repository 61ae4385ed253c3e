package dev.sesame

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import java.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.seconds

/** What a request of test mode says about its own answer, as it goes to the broker. */
class TestDecisionTest :
    FunSpec({
        suspend fun sent(test: TestDecision?): JsonElement? {
            val http = ScriptedHttp()
            http.sesame().use { it.trigger(ApprovalRequest(ACTION, context = refundContext, test = test)) }
            return http.sentTo(Step.OPEN).single().body["test"]
        }

        test("it is sent with its answer, its delay and its note, and only where it is given") {
            sent(TestDecision.approve(2.seconds, "fine")) shouldBe
                Json.parseToJsonElement("""{"decide": "approve", "after_ms": 2000, "note": "fine"}""")
            sent(TestDecision.deny()) shouldBe Json.parseToJsonElement("""{"decide": "deny"}""")
            sent(null) shouldBe null
        }

        test("callers in Java give their own kind of time, and it means the same") {
            TestDecision.approve(Duration.ofMillis(1_500)).afterMillis shouldBe 1_500
            val denied = TestDecision.deny(Duration.ofSeconds(3), "no")
            listOf(denied.decide, denied.afterMillis, denied.note) shouldBe listOf(Answer.DENY, 3_000L, "no")
        }

        test("no time is cut silently but what is less than a millisecond: the broker judges the rest") {
            TestDecision.approve(999.microseconds).afterMillis shouldBe 0
            TestDecision.approve((-1).seconds).afterMillis shouldBe -1_000
            TestDecision.approve(400.days).afterMillis shouldBe 34_560_000_000
            (TestDecision.approve(Duration.ofSeconds(Long.MAX_VALUE)).afterMillis > 600_000) shouldBe true
        }

        test("printed, it doesn't show its note") {
            "${TestDecision.deny(note = "secret")}" shouldBe "TestDecision(deny after 0 ms)"
        }
    })
