package dev.sesame

import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.put
import java.io.IOException
import kotlin.reflect.KClass
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val refusals: Map<String, KClass<out SesameException>> = mapOf(
    "already_claimed" to AlreadyClaimedException::class,
    "already_executed" to AlreadyExecutedException::class,
    "approval_lapsed" to ApprovalLapsedException::class,
    "outcome_unknown" to ExecutionUnknownException::class,
    "not_approved" to ProtocolException::class,
    "context_mismatch" to ProtocolException::class,
    "a_code_of_next_year" to ProtocolException::class,
)

private val oddGrants = mapOf(
    "another approval's document" to grant(document(id = OTHER_ID)),
    "a document of another action" to grant(document(action = "payments.payout")),
    "an altered context" to grant(document(context = context { put("amount", 1) })),
    "another edit than was decided" to grant(document(edited = editedContext)),
    "a document that is denied" to grant(document("denied")),
    "the document alone, without a token" to Reply(document()),
    "nothing" to Reply(""),
    "HTML" to Reply("<html>ok</html>"),
    "204" to Reply("", 204),
)

private fun bare(answer: JsonObject) = Reply(answer.without("claim", "request_hash", "context_hash", "context", "mode"))

/** Where the broker claims, no way leads to the block without a claim. */
class NeverRunUnclaimedTest :
    FunSpec({
        refusals.forEach { (code, exception) ->
            test("a claim refused as $code throws ${exception.simpleName}, runs nothing and gives nothing back") {
                val http = ScriptedHttp().apply { on(Step.CLAIM, { problem(409, code, mapOf("approval" to document())) }) }
                val thrown = http.refusal()
                thrown::class shouldBe exception
                thrown.message!! shouldContain if (exception == ProtocolException::class) "the detail of $code" else ID
            }
        }

        oddGrants.forEach { (name, answer) ->
            test("a claim answered with $name runs nothing") {
                val http = ScriptedHttp().apply { on(Step.CLAIM, { answer }, { grant() }) }
                http.refusal().shouldBeInstanceOf<ProtocolException>()
            }
        }

        test("a claim that can't be made within the caller's time runs nothing") {
            val http = ScriptedHttp().apply { on(Step.CLAIM, { throw IOException("reset") }) }
            http.refusal(timeout = 500.milliseconds).shouldBeInstanceOf<ApprovalTimeoutException>().approvalId shouldBe ID
        }

        test("a key that is revoked before the claim runs nothing") {
            val http = ScriptedHttp().apply { on(Step.CLAIM, { problem(401, "unauthorized") }) }
            http.refusal().shouldBeInstanceOf<SesameAuthException>()
            http.sentTo(Step.CLAIM) shouldHaveSize 1
        }

        test("the claims of a broker that says so in the document alone are taken, too") {
            val http = ScriptedHttp(features = null)
            http.sesame().use { it.approve(ACTION, context = refundContext) { } }
            http.sentTo(Step.CLAIM) shouldHaveSize 1
        }

        test("a broker without features is asked and polled once, and runs unclaimed") {
            val http = ScriptedHttp(features = null)
            http.on(Step.OPEN, { bare(document("pending")) })
            http.on(Step.WAIT, { bare(document()) })
            http.sesame().use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
            http.sent.map { it.step } shouldBe listOf(Step.OPEN, Step.WAIT)
        }

        test("requireClaim refuses a broker without features") {
            val http = ScriptedHttp(features = null)
            http.on(Step.OPEN, { bare(document("pending")) })
            http.on(Step.WAIT, { bare(document()) })
            http.refusal { requireClaim = true }.shouldBeInstanceOf<ProtocolException>().message!! shouldContain "requireClaim"
        }

        test("a client that has seen the feature claims for ever, though header and field vanish") {
            val http = ScriptedHttp()
            http.sesame().use { sesame ->
                sesame.approve(ACTION, context = refundContext) { }
                http.features = null
                http.on(Step.OPEN, { Reply(document("pending").without("claim")) })
                http.on(Step.WAIT, { Reply(document().without("claim")) })
                sesame.approve(ACTION, context = refundContext) { }
            }
            http.sentTo(Step.CLAIM) shouldHaveSize 2
        }

        test("a claim field in the answer to the question is remembered, though it vanishes from the decision") {
            val http = ScriptedHttp(features = null)
            http.on(Step.WAIT, { Reply(document().without("claim")) })
            http.sesame().use { it.approve(ACTION, context = refundContext) { } }
            http.sentTo(Step.CLAIM) shouldHaveSize 1
        }

        test("a broker that forgot how to claim runs nothing") {
            val http = ScriptedHttp().apply { on(Step.CLAIM, { Reply("<html>no such page</html>", 404) }) }
            http.refusal().shouldBeInstanceOf<ProtocolException>()
        }

        test("a grant about something else is given back as failed") {
            val http = ScriptedHttp().apply { on(Step.CLAIM, { grant(document(id = OTHER_ID)) }, { grant() }) }
            http.sesame().use { sesame ->
                shouldThrow<ProtocolException> { sesame.approve(ACTION, context = refundContext) { } }
                eventually(5.seconds) { http.sentTo(Step.OUTCOME).map { it.text("outcome") } shouldBe listOf("failed") }
            }
            http.sentTo(Step.CLAIM).map { it.text("claimant") }.toSet() shouldHaveSize 1
            http.leavesNothing()
        }
    })
