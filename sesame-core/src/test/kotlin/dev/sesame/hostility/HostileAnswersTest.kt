package dev.sesame.hostility

import dev.sesame.ACTION
import dev.sesame.Approval
import dev.sesame.ApprovalRequest
import dev.sesame.ApprovalStatus
import dev.sesame.ID
import dev.sesame.Reply
import dev.sesame.ScriptedHttp
import dev.sesame.SesameException
import dev.sesame.Step
import dev.sesame.document
import dev.sesame.editedContext
import dev.sesame.grant
import dev.sesame.hostile.Cases
import dev.sesame.hostile.spoiledJson
import dev.sesame.internal.ApprovalPage
import dev.sesame.internal.Asked
import dev.sesame.internal.BrokerJson
import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.ClaimGrant
import dev.sesame.internal.Retryable
import dev.sesame.internal.SignedReceipt
import dev.sesame.internal.ToldDecision
import dev.sesame.internal.failure
import dev.sesame.internal.timeToAnswer
import dev.sesame.problem
import dev.sesame.refundContext
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.SerializationException
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

private val approved = document(edited = editedContext).toString()
private val denied = document("denied").toString()
private val page = """{"approvals":[$approved,$denied],"next_cursor":"abc"}"""
private val policy = """{"outcome":"ABSTAIN","reason_code":"rule_asks","reason":"large","rule":"refunds"}"""
private val refusal = problem(409, "already_decided", mapOf("approval" to document())).body
private val serializers = listOf(
    Approval.serializer() to approved,
    ClaimGrant.serializer() to grant().body,
    ApprovalPage.serializer() to page,
    SignedReceipt.serializer() to """{"receipt":"a.b.c"}""",
    ToldDecision.serializer() to policy,
)

/** A broker's answers, spoiled: whatever stands in between, or is taken for a broker, there is one family of exceptions and no wrong yes. */
class HostileAnswersTest :
    FunSpec({
        val asked = Asked(ApprovalRequest(ACTION, context = refundContext, editable = listOf("amount")), allowTestMode = false)

        test("an answer is read, or is none of a broker's") {
            serializers.forEach { (serializer, honest) ->
                Cases(400).each({ it.spoiledJson(honest) }) { text ->
                    try {
                        BrokerJson.read(serializer, text)
                    } catch (_: SerializationException) {
                        // What a caller learns as a ProtocolException.
                    }
                }
            }
        }

        test("a document that ends after a name within a context is refused as any other that was cut off") {
            val cut = document().toString().substringBefore("\"customer\"") + "\"customer\":"
            shouldThrow<SerializationException> { BrokerJson.read(Approval.serializer(), cut) }
        }

        test("a document that passes for what was asked is about it in every part, whatever else was spoiled") {
            Cases(3_000).each({ it.spoiledJson(approved) }) { text ->
                val told = passing(text, asked)
                if (told != null && told.status == ApprovalStatus.APPROVED) {
                    told.id shouldBe ID
                    told.action shouldBe ACTION
                    CanonicalJson.requestHash(ACTION, told.effectiveContext) shouldBe told.contextHash
                    if (told.decision?.editedContext == null) told.contextHash shouldBe CanonicalJson.requestHash(ACTION, refundContext)
                }
            }
        }

        test("a problem of whatever form is one of the family, or to be tried again") {
            val statuses = listOf(400, 401, 404, 409, 410, 422, 429, 503, 302)
            Cases(1_500).each({ statuses.random(it) to it.spoiledJson(refusal) }) { (status, body) ->
                val problem = failure(status, "5", body, ID)
                (problem is SesameException || problem is Retryable) shouldBe true
            }
        }

        test("a no stays a no: the block runs on none of a denial's spoiled forms") {
            Cases(100).each({ it.spoiledJson(denied) }) { text -> refused { on(Step.WAIT, { Reply(text) }, { Reply(denied) }) } }
        }

        test("nor on a spoiled right to run, unless all of what it is for is in it still") {
            Cases(100).each({ it.spoiledJson(grant().body) }) { text ->
                val http = ScriptedHttp().apply { on(Step.CLAIM, { Reply(text) }) }
                http.sesame().use { sesame ->
                    runBlocking {
                        try {
                            sesame.approve(ACTION, context = refundContext, timeout = 300.milliseconds) {
                                it.context shouldBe refundContext
                                it.status shouldBe ApprovalStatus.APPROVED
                            }
                        } catch (_: SesameException) {
                            // Not run.
                        }
                    }
                }
            }
        }
    })

/** The document that [text] says, where it passes every check before a claim; `null` where it doesn't. */
private fun passing(text: String, asked: Asked): Approval? = try {
    BrokerJson.read(Approval.serializer(), text).also {
        it.timeToAnswer()
        asked.check(it, ID, claims = true)
    }
} catch (_: SerializationException) {
    null
} catch (_: SesameException) {
    null
}

private fun refused(script: ScriptedHttp.() -> Unit) {
    ScriptedHttp().apply(script).sesame().use { sesame ->
        runBlocking {
            shouldThrow<SesameException> {
                sesame.approve(ACTION, context = refundContext, timeout = 300.milliseconds) { throw AssertionError("it ran") }
            }
        }
    }
}
