package dev.sesame.broker.hostility

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.http.Body
import dev.sesame.broker.http.bodies
import dev.sesame.broker.http.within
import dev.sesame.broker.json
import dev.sesame.hostile.Cases
import dev.sesame.hostile.anyBytes
import dev.sesame.hostile.anyJson
import dev.sesame.hostile.spoiled
import dev.sesame.hostile.spoiledJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.net.http.HttpRequest.BodyPublishers
import kotlin.random.Random

/** Stands wherever a text is free, and so also for whatever is secret in a context or is a secret: no refusal repeats it. */
private const val SECRET = "DE89370400440532013000"

/** One call whose body is of no good. */
private class Call(val operation: String, val path: String, val by: Http, val bytes: ByteArray) {
    override fun toString() = "$operation ${bytes.decodeToString()}"
}

/** Every body that the contract knows, spoiled, over HTTP: one clear answer that repeats nothing, and the broker goes on. */
class HostileBodiesHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver()
        val context = json("iban" to SECRET, "amount" to 4200, "lines" to listOf(json("n" to 1.5), null, true))
        val id = requester.asked("context" to context, "editable" to listOf("iban", "amount"))

        test("a spoiled body is answered with a problem that is none of the broker's own, or taken as a good one") {
            val all = bodies(requester.http, approver.http) + bodies(requester.http, broker.admin)
            val honest = all.associateWith { body -> listOf(body.least, body.full(context)).map { "$it" } }
            Cases(400).each({ it.call(honest, id) }) { call ->
                val answer = call.by.postBody(call.path, BodyPublishers.ofByteArray(call.bytes))
                answer.status shouldBeLessThan 500
                if (answer.status >= 400) answer.isProblem()
            }
            broker.nobody.get("/readyz").status shouldBe 200
        }

        test("what stands where no JSON may stand is not repeated") {
            listOf("""{"context":{"iban":$SECRET}}""", """{"context":{"iban":"$SECRET"$SECRET}}""", SECRET, "{$SECRET:1}").forEach {
                val answer = requester.http.postText("/v1/approvals", it)
                answer.status shouldBe 400
                answer.isProblem()
            }
        }
    })

private fun Random.call(honest: Map<Body, List<String>>, id: String): Call {
    val (body, documents) = honest.entries.random(this)
    val document = documents.random(this)
    // Whom everything here is done by should not be revoked.
    val at = if ("/v1/approvals/" in body.operation) id else "xx_aaaaaaaaaaaaaaaaaaaaaaaaaa"
    val bytes = when (nextInt(12)) {
        0 -> anyBytes()
        1 -> anyJson().toByteArray()
        2 -> spoiled(document.toByteArray())
        else -> spoiledJson(document).toByteArray()
    }
    return Call(body.operation, body.operation.substringAfter(' ').replace("{id}", at), body.by, bytes)
}

/** All that may be sent, with a secret wherever there is room for one. */
private fun Body.full(context: JsonObject): JsonObject = JsonObject(
    fields.mapValues { (_, schema) -> if ("enum" in schema || "pattern" in schema) within(schema).first() else free(schema) } +
        (if (name in withContext) mapOf("context" to context) else emptyMap()),
)

private fun free(schema: JsonObject) = if (schema["type"].toString().contains("string") && "format" !in schema) {
    JsonPrimitive(SECRET)
} else {
    within(schema).firstOrNull() ?: JsonPrimitive(1)
}

private val withContext = setOf("OpenBody", "DecisionBody", "PolicyCheckBody")

private fun Answer.isProblem() {
    header("Content-Type")!! shouldStartWith "application/problem+json"
    text("code") shouldNotBe "internal"
    text("status") shouldBe "$status"
    text("request_id") shouldBe header("Request-Id")
    if (status == 422) list("errors").forEach { it.getValue("field").toString().length shouldBeLessThan 300 }
    // The approval, where it is told beside, is told whole: to its requester, and to who may decide it.
    "${json - "approval"}" shouldNotContain SECRET
}
