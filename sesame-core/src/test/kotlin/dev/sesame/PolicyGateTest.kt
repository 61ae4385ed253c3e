package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration.Companion.milliseconds

private fun said(outcome: String) = Reply("""{"outcome":"$outcome","reason_code":"some_code","reason":"because","rule":"a rule"}""")

/** What the policy says, and that nothing runs but on one word of it. */
class PolicyGateTest :
    FunSpec({
        test("a check sends what it is about, and tells what the policy said") {
            val http = ScriptedHttp().apply { on(Step.CHECK, { said("HALT") }) }
            val decision = http.sesame().use { it.checkPolicy(ACTION, refundContext, requestedBy = "ana", riskScore = 0.5) }
            decision.outcome shouldBe GateOutcome.HALT
            listOf(decision.reasonCode, decision.reason, decision.rule) shouldContainExactly listOf("some_code", "because", "a rule")
            http.sent.single().body shouldBe buildJsonObject {
                put("action", ACTION)
                put("context", refundContext)
                put("requested_by", "ana")
                put("risk_score", 0.5)
            }
        }

        test("the block runs on EXECUTE, with what was asked about, and nothing is opened or claimed") {
            val http = ScriptedHttp()
            val run = http.sesame().use { sesame -> sesame.executeIfAllowed(ACTION, refundContext) { it to "ran" } }
            run.getOrThrow() shouldBe (refundContext to "ran")
            (run.hasRun to run.getOrNull()?.second) shouldBe (true to "ran")
            http.sent.map { it.step } shouldContainExactly listOf(Step.CHECK)
        }

        listOf("ABSTAIN", "HALT", "execute", "EXECUTE ", "APPROVED", "").forEach { outcome ->
            test("the block doesn't run on \"$outcome\": the answer comes back, or is thrown") {
                val http = ScriptedHttp().apply { on(Step.CHECK, { said(outcome) }) }
                val run = http.sesame().use { it.executeIfAllowed<String>(ACTION, refundContext) { error("it ran") } }
                (run.hasRun to run.getOrNull()) shouldBe (false to null)
                run.decision.outcome.value shouldBe outcome
                shouldThrow<NotPermittedException> { run.getOrThrow() }.decision shouldBe run.decision
            }
        }

        mapOf(
            "no outcome" to Reply("""{"reason_code":"a","reason":"b"}"""),
            "an outcome that is no text" to Reply("""{"outcome":["EXECUTE"],"reason_code":"a","reason":"b"}"""),
            "null" to Reply("null"),
            "no JSON" to Reply("EXECUTE"),
            "nothing" to Reply(""),
            "an address that isn't there" to problem(404, "not_found"),
            "a redirect" to Reply("", 302, mapOf("Location" to "https://elsewhere.example/")),
            "a wrong request" to problem(422, "invalid"),
            "a wrong key" to problem(401, "unauthorized"),
            "a fault" to problem(500, "internal"),
            "too much" to problem(429, "rate_limited"),
        ).forEach { (name, reply) ->
            test("the block doesn't run where the check is answered with $name") {
                val http = ScriptedHttp().apply { on(Step.CHECK, { reply }) }
                http.sesame { retryFor = 20.milliseconds }.use { sesame ->
                    shouldThrowAny { sesame.executeIfAllowed(ACTION, refundContext) { error("it ran") } }
                        .shouldBeInstanceOf<SesameException>()
                }
            }
        }

        test("a caller who leaves while the policy is asked runs nothing") {
            val asked = CompletableDeferred<Unit>()
            val http = ScriptedHttp().apply {
                on(Step.CHECK, {
                    asked.complete(Unit)
                    awaitCancellation()
                })
            }
            http.sesame().use { sesame ->
                var ran = false
                val running = async { sesame.executeIfAllowed(ACTION, refundContext) { ran = true } }
                asked.await()
                running.cancelAndJoin()
                ran shouldBe false
            }
            http.leavesNothing()
        }

        test("a closed client asks and runs nothing") {
            val http = ScriptedHttp()
            val sesame = http.sesame().also { it.close() }
            shouldThrow<SesameClosedException> { sesame.executeIfAllowed(ACTION, refundContext) { error("it ran") } }
        }

        test("the block's own exception passes unchanged") {
            val own = IllegalStateException("mine")
            val seen = ScriptedHttp().sesame().use { sesame ->
                shouldThrow<IllegalStateException> { sesame.executeIfAllowed(ACTION, refundContext) { throw own } }
            }
            seen shouldBe own
        }

        test("a context that can't be told apart from another one is refused before it is sent") {
            val http = ScriptedHttp()
            val odd = buildJsonObject { put("amount", JsonPrimitive(9_007_199_254_740_993)) }
            http.sesame().use { shouldThrow<InvalidRequestException> { it.checkPolicy(ACTION, odd) } }
            http.sent shouldHaveSize 0
        }
    })
