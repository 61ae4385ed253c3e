package dev.sesame

import dev.sesame.internal.CanonicalJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import kotlin.time.Duration.Companion.milliseconds

private val other = context { put("amount", 990_000) }

/** An approved document, spoiled. */
private fun approved(change: JsonObjectBuilder.() -> Unit) = Reply(document(change = change))

private val edit = buildJsonObject {
    put("status", "approved")
    put("edited_context", editedContext)
}

private val oddAnswers = mapOf(
    "another approval" to Reply(document(id = OTHER_ID)),
    "no approval's id" to Reply(document(id = "")),
    "another action" to Reply(document(action = "payments.payout")),
    "another context, with the hashes that go with it" to Reply(document(context = other)),
    "another context, with the hashes of what was asked" to approved { put("context", other) },
    "another request hash" to approved { put("request_hash", CanonicalJson.requestHash(ACTION, other)) },
    "an edited context that the context hash doesn't name" to approved { put("decision", edit) },
    "a context hash that names another context" to approved { put("context_hash", CanonicalJson.requestHash(ACTION, other)) },
    "an edit, with the hash that goes with it, of what nobody may edit" to Reply(document(edited = editedContext)),
    "a number in the context that no double holds" to approved { put("context", context { put("amount", 9007199254740993L) }) },
    "no context and no hashes, though it claims" to Reply(document().without("context", "request_hash", "context_hash")),
    "no context, an edited one and the hash of neither" to
        Reply(JsonObject(document(edited = other).without("context") + ("context_hash" to document().getValue("context_hash")))),
    "a decision that says denied below a status that says approved" to
        approved { putJsonObject("decision") { put("status", "denied") } },
    "an empty body" to Reply(""),
    "a truncated document" to Reply(document().toString().dropLast(40)),
    "an array" to Reply(JsonArray(listOf(document())).toString()),
    "null" to Reply(JsonNull.toString()),
    "a document without a status" to Reply(document().without("status")),
    "a status that is no text" to approved { putJsonObject("status") { put("approved", true) } },
    "a time that is none" to approved { put("decided_at", "yesterday") },
    "a page of HTML, as of a proxy" to Reply("<html><body>approved</body></html>", headers = mapOf("Content-Type" to "text/html")),
    "204 with nothing" to Reply("", 204),
    "a redirect" to Reply(document().toString(), 302, mapOf("Location" to "https://elsewhere.example/v1/approvals/$ID")),
    "304" to Reply(document(), 304),
    "404 of something that is no broker" to Reply("<html>nothing here</html>", 404),
    "a mode that the client doesn't know" to approved { put("mode", "rehearsal") },
    "test mode, which wasn't allowed" to approved { put("mode", "test") },
)

/** Whatever a wait is answered, the block runs on an approval of what was asked, and on nothing else. */
class NeverRunOnOddAnswersTest :
    FunSpec({
        oddAnswers.forEach { (name, answer) ->
            test("the block doesn't run where the wait is answered with $name") {
                val http = ScriptedHttp().apply { on(Step.WAIT, { answer }) }
                http.refusal().shouldBeInstanceOf<ProtocolException>()
                http.sentTo(Step.CLAIM) shouldHaveSize 0
            }
        }

        // Which id it will have, nobody knows before the first answer.
        (oddAnswers - "another approval").forEach { (name, answer) ->
            test("nor where already the question is answered with $name") {
                val http = ScriptedHttp().apply { on(Step.OPEN, { answer }) }
                http.refusal().shouldBeInstanceOf<ProtocolException>()
                http.sent shouldHaveSize 1
            }
        }

        test("a redirect is not followed: the key goes nowhere else") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { oddAnswers.getValue("a redirect") }) }
            http.refusal()
            http.sent.map { it.request.url.host }.toSet() shouldBe setOf("127.0.0.1")
        }

        test("an unknown status is waited on, never run") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { Reply(document("approved_by_default")) }) }
            http.refusal(timeout = 300.milliseconds).shouldBeInstanceOf<ApprovalTimeoutException>().approvalId shouldBe ID
            http.sentTo(Step.CLAIM) shouldHaveSize 0
        }

        test("test mode runs where it is allowed") {
            val test: suspend (Sent) -> Reply = { approved { put("mode", "test") } }
            val http = ScriptedHttp().apply { on(Step.WAIT, test) }
            http.on(Step.CLAIM, { grant(document { put("mode", "test") }) })
            http.sesame { allowTestMode = true }.use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
        }

        test("a field and a word that the client doesn't know are no reason to refuse a yes") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { approved { put("colour", "green").also { put("rule", "r") } } }) }
            http.sesame().use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
        }
    })
