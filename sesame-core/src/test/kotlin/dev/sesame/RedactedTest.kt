package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.put

private val marker = JsonPrimitive("[redacted]")
private val paths = JsonArray(listOf(JsonPrimitive("amount")))
private val hidden = JsonObject(refundContext + ("amount" to marker))

/** A webhook from which a rule left the amount out. */
private fun redactedBody(edited: JsonObject? = null): JsonObject = eventBody(edited = edited) {
    put("context", hidden)
    put("effective_context", JsonObject((edited ?: refundContext) + ("amount" to marker)))
    put("redacted", paths)
}

private const val RAN = """{"state": "succeeded", "claimed_at": "2026-11-20T12:00:00Z", "ended_at": "2026-11-20T12:00:01Z"}"""
private const val UNKNOWN = """{"state": "unknown", "claimed_at": "2026-11-20T12:00:00Z"}"""

/** As the broker tells an approval of which it has erased the amount. */
private fun erased(vararg more: Pair<String, JsonElement>) =
    JsonObject(document() + ("context" to hidden) + ("redacted" to paths) + mapOf(*more))

private fun event(edited: JsonObject? = null) = arrival(redactedBody(edited).toBytes()).verified()

private fun broker(approval: JsonObject = document()) = ScriptedHttp().apply {
    on(Step.READ, { Reply(approval) })
    on(Step.CLAIM, { grant(approval) })
}

private suspend fun ScriptedHttp.dispatched(event: WebhookEvent, run: suspend (WebhookEvent) -> Any?) =
    sesame().use { DecisionHandlers(it) { on(ACTION, handler = run) }.dispatch(event) }

/** Where values are left out by a rule or erased, what runs is the whole, or nothing. */
class RedactedTest :
    FunSpec({
        test("a handler gets the whole context, as the broker tells it with the claim") {
            val http = broker()
            http.dispatched(event()) { it.effectiveContext to it.redacted }.value shouldBe (refundContext to emptyList<String>())
            http.sentTo(Step.CLAIM).single().text("context_hash") shouldBe event().contextHash
        }

        test("the same of what an approver edited") {
            broker(document(edited = editedContext)).dispatched(event(editedContext)) { it.effectiveContext }.value shouldBe editedContext
        }

        test("nothing runs where the broker approved another context, leaves it out, or has erased part of it") {
            val others = listOf(
                document(edited = editedContext),
                JsonObject(document() + ("context" to JsonNull)),
            )
            others.forEach { document ->
                val http = broker(document)
                shouldThrow<ProtocolException> { http.dispatched(event()) { error("it ran") } }
                http.sentTo(Step.CLAIM).shouldBeEmpty()
            }
            val erased = broker(erased())
            shouldThrow<ApprovalLapsedException> { erased.dispatched(event()) { error("it ran") } }
            erased.sentTo(Step.CLAIM).shouldBeEmpty()
        }

        test("what has run and is erased since has run: nobody is told that it didn't, lest they ask for it anew") {
            val http = broker(erased("execution" to Json.parseToJsonElement(RAN)))
            http.dispatched(event()) { error("it ran") } shouldBe DispatchResult.DONE_BEFORE
            http.sesame().use { sesame ->
                shouldThrow<AlreadyExecutedException> { sesame.attach(ID).run { error("it ran") } }
            }
            http.sentTo(Step.CLAIM).shouldBeEmpty()
        }

        test("nothing runs where the claim tells less than the reading did") {
            val http = broker()
            http.on(Step.CLAIM, { grant(JsonObject(document() + ("context" to hidden) + ("redacted" to paths))) })
            shouldThrow<ProtocolException> { http.dispatched(event()) { error("it ran") } }
        }

        test("outside of handlers it says what it leaves out, and is not taken for the whole") {
            event().redacted shouldContainExactly listOf("amount")
            shouldThrow<ProtocolException> { event().contextAs<JsonObject>() }.message!! shouldContain "amount"
        }

        test("without the hashes of what it leaves out it is refused") {
            listOf("request_hash", "context_hash").forEach {
                arrival(JsonObject(redactedBody() - it).toBytes()).shouldBeRefused(WebhookReason.CONTRADICTORY)
            }
            arrival(JsonObject(redactedBody() - "redacted").toBytes()).shouldBeRefused(WebhookReason.CONTRADICTORY)
        }

        test("what was erased can be read, and never runs") {
            val http = broker(erased("execution" to Json.parseToJsonElement(UNKNOWN)))
            http.sesame().use { sesame ->
                val pending = sesame.attach(ID)
                pending.approval.redacted shouldContainExactly listOf("amount")
                shouldThrow<ProtocolException> { pending.run { error("it ran") } }.message!! shouldContain "amount"
            }
            http.sentTo(Step.CLAIM).shouldBeEmpty()
        }
    })
