package dev.sesame

import dev.sesame.internal.CanonicalJson
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.put

private val other = context { put("amount", 990_000) }

private suspend fun ScriptedHttp.runAttached(): JsonObject = sesame().use { it.attach(ID).run { approval -> approval.effectiveContext } }

/** What was asked before, here or elsewhere, is run as it stood when it was found. */
class AttachTest :
    FunSpec({
        test("what was attached to is waited for, claimed and run") {
            val http = ScriptedHttp().apply { on(Step.READ, { Reply(document("pending")) }) }
            http.on(Step.WAIT, { Reply(document(edited = editedContext)) })
            http.on(Step.CLAIM, { grant(document(edited = editedContext)) })
            http.runAttached() shouldBe editedContext
            http.sent.map { it.step } shouldBe listOf(Step.READ, Step.WAIT, Step.CLAIM, Step.OUTCOME)
        }

        mapOf(
            "another approval" to document(id = OTHER_ID),
            "a context that its request hash doesn't name" to document { put("request_hash", CanonicalJson.requestHash(ACTION, other)) },
            "an effective context that its context hash doesn't name" to
                document { put("context_hash", CanonicalJson.requestHash(ACTION, other)) },
            "an unknown mode" to document { put("mode", "rehearsal") },
        ).forEach { (name, read) ->
            test("nothing is run where the broker answers with $name") {
                val http = ScriptedHttp().apply { on(Step.READ, { Reply(read) }) }
                shouldThrow<ProtocolException> { http.runAttached() }
                http.sentTo(Step.CLAIM).shouldBeEmpty()
            }
        }

        mapOf(
            "another action" to document(action = "payments.payout"),
            "another context" to document(context = other),
            "another approval" to document(id = OTHER_ID),
        ).forEach { (name, decided) ->
            test("nothing is run where it turns into $name while it is waited for") {
                val http = ScriptedHttp().apply { on(Step.READ, { Reply(document("pending")) }) }
                http.on(Step.WAIT, { Reply(decided) })
                http.on(Step.CLAIM, { grant(decided) })
                shouldThrow<ProtocolException> { http.runAttached() }
                http.sentTo(Step.CLAIM).shouldBeEmpty()
            }
        }

        test("an approval of nobody's is not found") {
            val http = ScriptedHttp().apply { on(Step.READ, { problem(404, "not_found") }) }
            shouldThrow<ApprovalNotFoundException> { http.runAttached() }.approvalId shouldBe ID
        }
    })
