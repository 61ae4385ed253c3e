package dev.sesame

import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.matchers.shouldBe
import io.ktor.client.engine.mock.MockEngine
import io.ktor.client.engine.mock.respond
import io.ktor.client.engine.mock.toByteArray
import io.ktor.client.request.HttpRequestData
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.http.headers
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedDeque
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** The calls of the wire contract. */
internal enum class Step { OPEN, READ, WAIT, LIST, INBOX, CANCEL, CLAIM, OUTCOME, DECISION, EXTEND, RECEIPT, CHECK }

/** A call as it arrived. */
internal class Sent(val step: Step, val request: HttpRequestData, val body: JsonObject) {
    val at = TimeSource.Monotonic.markNow()
    val query get() = request.url.parameters

    fun text(name: String): String = body.getValue(name).jsonPrimitive.content
}

/** What goes back. */
internal class Reply(val body: String, val status: Int = 200, val headers: Map<String, String> = emptyMap()) {
    constructor(body: JsonObject, status: Int = 200) : this(body.toString(), status)
}

internal fun problem(status: Int, code: String, more: Map<String, JsonObject> = emptyMap()): Reply = Reply(
    JsonObject(mapOf("code" to JsonPrimitive(code), "detail" to JsonPrimitive("the detail of $code")) + more).toString(),
    status,
)

internal fun grant(approval: JsonObject = document()): Reply = Reply(
    buildJsonObject {
        put("claim_token", "the token")
        put("lease_until", "2026-11-20T12:02:00Z")
        put("approval", approval)
    },
)

/** A broker on MockEngine, honest and with a human who says yes at once, but for what a test scripts otherwise. */
internal class ScriptedHttp(@Volatile var features: String? = "claim") {
    val sent = CopyOnWriteArrayList<Sent>()
    private val scripts = ConcurrentHashMap<Step, ConcurrentLinkedDeque<suspend (Sent) -> Reply>>()
    private val underWay = AtomicInteger()

    @Volatile
    private var asked = document("pending")

    val engine: MockEngine = MockEngine { request ->
        val call = Sent(stepOf(request), request, bodyOf(request)).also { sent += it }
        underWay.incrementAndGet()
        try {
            val answer = next(call.step)?.invoke(call) ?: honest(call)
            respond(
                answer.body,
                HttpStatusCode.fromValue(answer.status),
                headers {
                    append("Content-Length", "${answer.body.encodeToByteArray().size}")
                    features?.let { append("Sesame-Features", it) }
                    answer.headers.forEach { (name, value) -> append(name, value) }
                },
            )
        } finally {
            underWay.decrementAndGet()
        }
    }

    /** One after the other; the last one stays. */
    fun on(step: Step, vararg replies: suspend (Sent) -> Reply) {
        scripts[step] = ConcurrentLinkedDeque(replies.toList())
    }

    fun sentTo(step: Step): List<Sent> = sent.filter { it.step == step }

    fun sesame(configure: SesameConfig.() -> Unit = {}): Sesame = Sesame {
        apiKey = KEY
        brokerUrl = ADDRESS
        engine = this@ScriptedHttp.engine
        configure()
    }

    /** What `approve` ends with; it fails where the block ran, or where a call is left over. */
    suspend fun refusal(timeout: Duration? = null, configure: SesameConfig.() -> Unit = {}): Throwable = sesame(configure).use { sesame ->
        var ran = false
        val problem = shouldThrowAny {
            withTimeout(10.seconds) { sesame.approve(ACTION, context = refundContext, timeout = timeout) { ran = true } }
        }
        ran shouldBe false
        leavesNothing()
        problem
    }

    suspend fun leavesNothing() {
        eventually(5.seconds) { underWay.get() shouldBe 0 }
    }

    private fun next(step: Step): (suspend (Sent) -> Reply)? = scripts[step]?.let { if (it.size > 1) it.poll() else it.peek() }

    private suspend fun bodyOf(request: HttpRequestData): JsonObject =
        request.body.toByteArray().decodeToString().ifEmpty { "{}" }.let { Json.parseToJsonElement(it).jsonObject }

    private fun stepOf(request: HttpRequestData): Step {
        val path = request.url.encodedPath.removePrefix("/v1/").split('/')
        return when {
            path == listOf("inbox") -> Step.INBOX
            path == listOf("policy", "check") -> Step.CHECK
            path.size == 1 -> if (request.method == HttpMethod.Post) Step.OPEN else Step.LIST
            path.size == 2 -> if (request.url.parameters["wait"] == "true") Step.WAIT else Step.READ
            else -> Step.valueOf(path.last().uppercase())
        }
    }

    private fun honest(call: Sent): Reply {
        if (call.step ==
            Step.OPEN
        ) {
            asked = document("pending", action = call.text("action"), context = call.body.getValue("context").jsonObject)
        }
        return when (call.step) {
            Step.OPEN -> Reply(asked, 201)
            Step.CLAIM -> grant(stand("approved"))
            Step.CANCEL -> Reply(stand("cancelled"))
            Step.LIST, Step.INBOX -> Reply("""{"approvals":[]}""")
            Step.READ -> Reply(asked)
            Step.CHECK -> Reply("""{"outcome":"EXECUTE","reason_code":"rule_permits","reason":"fine","rule":"all"}""")
            else -> Reply(stand("approved"))
        }
    }

    private fun stand(status: String) =
        document(status, action = asked.getValue("action").jsonPrimitive.content, context = asked.getValue("context").jsonObject)
}
