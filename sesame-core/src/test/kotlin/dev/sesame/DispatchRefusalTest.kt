package dev.sesame

import dev.sesame.internal.Recent
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.put

private val approvedEvent = arrival().verified()
private val never: DecisionHandlersConfig.() -> Unit = { on(ACTION) { error("never") } }

private suspend fun ScriptedHttp.refusalOf(event: WebhookEvent = approvedEvent, register: DecisionHandlersConfig.() -> Unit = never) =
    sesame().use { shouldThrow<SesameException> { DecisionHandlers(it, register).dispatch(event) } }

/** What the broker says counts: an event about anything else never runs. */
class DispatchRefusalTest :
    FunSpec({
        mapOf<String, JsonObject>(
            "pending" to document("pending"),
            "denied" to document("denied"),
            "expired" to document("expired"),
            "cancelled" to document("cancelled"),
            "of another status" to document("escalated"),
            "of another action" to document(action = "payments.payout"),
            "of another context" to document(context = context { put("amount", 1) }),
            "edited since" to document(edited = editedContext),
            "of test mode" to document { put("mode", "test") },
            "another one" to document(id = OTHER_ID),
            "without claims" to document { put("claim", JsonNull) },
        ).forEach { (name, approval) ->
            test("nothing runs, nothing is claimed and nothing waited for where the broker's approval is $name") {
                val http = ScriptedHttp("").apply { on(Step.READ, { Reply(approval) }) }
                http.refusalOf().javaClass shouldBe ProtocolException::class.java
                http.sent.map { it.step } shouldBe listOf(Step.READ)
            }
        }

        test("nothing runs where the claim is granted on something else") {
            val http = ScriptedHttp().apply { on(Step.READ, { Reply(document()) }) }
            http.on(Step.CLAIM, { grant(document(edited = editedContext)) })
            http.refusalOf().javaClass shouldBe ProtocolException::class.java
        }

        test("nothing runs on an approval that this key doesn't have, or that lapsed, or with a key that isn't accepted") {
            val unknown = ScriptedHttp().apply { on(Step.READ, { problem(404, "not_found") }) }
            unknown.refusalOf().javaClass shouldBe ApprovalNotFoundException::class.java
            val revoked = ScriptedHttp().apply { on(Step.READ, { problem(401, "unauthorized") }) }
            revoked.refusalOf().javaClass shouldBe SesameAuthException::class.java
            val lapsed = ScriptedHttp().apply { on(Step.READ, { Reply(document()) }) }
            lapsed.on(Step.CLAIM, { problem(409, "approval_lapsed") })
            lapsed.refusalOf().javaClass shouldBe ApprovalLapsedException::class.java
        }

        test("what wasn't verified is not dispatched, not even a denial") {
            val http = ScriptedHttp()
            for (status in listOf("approved", "denied")) {
                val problem = http.refusalOf(WebhookEvent.parseUnverified(eventBody(status).toBytes())) { onDenied { error("never") } }
                problem.javaClass shouldBe InvalidRequestException::class.java
            }
            http.sent.shouldBeEmpty()
        }

        test("a broker without claims is taken with atLeastOnce only") {
            val http = ScriptedHttp("").apply { on(Step.READ, { Reply(document { put("claim", JsonNull) }) }) }
            http.sesame().use { sesame ->
                val handlers = DecisionHandlers(sesame) {
                    atLeastOnce = true
                    on(ACTION) { "ran" }
                }
                handlers.dispatch(approvedEvent).value shouldBe "ran"
            }
            http.sent.map { it.step } shouldBe listOf(Step.READ)
        }

        test("the memory of deliveries has an end") {
            val recent = Recent(3)
            ('a'..'e').forEach { recent.add("$it") }
            ('a'..'e').filter { "$it" in recent } shouldBe listOf('c', 'd', 'e')
        }
    })
