package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalNotFoundException
import dev.sesame.BrokerUnavailableException
import dev.sesame.DedupConflictException
import dev.sesame.ProtocolException
import dev.sesame.SesameClosedException
import dev.sesame.SesameException
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.io.ByteArrayOutputStream
import java.io.EOFException
import java.net.URLEncoder
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The calls as [http] carries them. */
internal class HttpBroker(private val settings: Settings, private val http: Http, private val closing: Deferred<Unit>) : BrokerCalls {
    private val seen = AtomicReference(emptySet<String>())
    override val features: Set<String> get() = seen.get()

    override suspend fun open(body: JsonObject): Approval = try {
        post("/v1/approvals", body, Approval.serializer())
    } catch (problem: DedupConflictException) {
        throw if (problem.dedupKey.isNotEmpty()) problem else DedupConflictException(sentKey(body), problem.message.orEmpty())
    }

    override suspend fun read(id: String, hold: Duration?): Approval {
        val path = "/v1/approvals/${inPath(id)}"
        if (hold == null) return get(path, CALL, Approval.serializer(), id)
        return get("$path?wait=true&timeout_seconds=${hold.inWholeSeconds}", hold + MARGIN, Approval.serializer(), id)
    }

    override suspend fun cancel(id: String): Approval = post("/v1/approvals/${inPath(id)}/cancel", nothing, Approval.serializer(), id)

    override suspend fun claim(id: String, body: JsonObject): ClaimGrant =
        post("/v1/approvals/${inPath(id)}/claim", body, ClaimGrant.serializer(), id)

    override suspend fun report(id: String, body: JsonObject): Approval =
        post("/v1/approvals/${inPath(id)}/outcome", body, Approval.serializer(), id)

    override suspend fun receipt(id: String): String =
        get("/v1/approvals/${inPath(id)}/receipt", CALL, SignedReceipt.serializer(), id).receipt

    override suspend fun check(body: JsonObject): ToldDecision = post("/v1/policy/check", body, ToldDecision.serializer())

    override suspend fun decide(id: String, body: JsonObject): Approval =
        post("/v1/approvals/${inPath(id)}/decision", body, Approval.serializer(), id)

    override suspend fun extend(id: String, body: JsonObject): Approval =
        post("/v1/approvals/${inPath(id)}/extend", body, Approval.serializer(), id)

    override suspend fun list(path: String, query: Map<String, String>): ApprovalPage = get(
        "$path?" + query.entries.joinToString("&") { (name, value) ->
            "$name=${encoded(value)}"
        },
        CALL,
        ApprovalPage.serializer(),
        id = null,
    )

    override suspend fun follow(cursor: String?, readyWithin: Duration, silence: Duration, onEvent: suspend (FeedEvent) -> Unit) {
        val headers = mapOf("Accept" to "text/event-stream") + listOfNotNull(cursor?.let { "Last-Event-ID" to it })
        translating { http.stream(call("GET", "/v1/decisions", headers), CALL) { read(it, readyWithin, silence, onEvent) } }
    }

    private suspend fun read(stream: HttpStream, readyWithin: Duration, silence: Duration, onEvent: suspend (FeedEvent) -> Unit) {
        if (stream.status !in SUCCESS) {
            val text = withTimeoutOrNull(readyWithin) { textOf(stream) }.orEmpty()
            throw failure(stream.status, stream.header(RETRY_AFTER), text, id = null)
        }
        var isReady = false
        val parser = SseParser(LARGEST_EVENT_BYTES) { event ->
            if (event.name == "ready") isReady = true
            toFeedEvent(event)?.let { onEvent(it) }
        }
        while (true) {
            val piece = withTimeoutOrNull(if (isReady) silence else readyWithin) { stream.next() } ?: return
            if (!parser.feed(piece, piece.size)) return
        }
    }

    /** What is refused is told in few words. */
    private suspend fun textOf(stream: HttpStream): String {
        val bytes = ByteArrayOutputStream()
        while (bytes.size() < LARGEST_EVENT_BYTES) bytes.writeBytes(stream.next() ?: break)
        return bytes.toString(Charsets.UTF_8)
    }

    private fun toFeedEvent(event: SseEvent): FeedEvent? = when (event.name) {
        "ready" -> FeedEvent(event.id, approval = null)
        "decision" -> FeedEvent(event.id, decoded(Approval.serializer(), event.text))
        else -> null
    }

    override fun close() = http.close()

    private suspend fun <T> get(address: String, atMost: Duration, answer: DeserializationStrategy<T>, id: String?): T =
        exchange(call("GET", address, wantsJson), atMost, answer, id)

    private suspend fun <T> post(path: String, body: JsonObject, answer: DeserializationStrategy<T>, id: String? = null): T =
        exchange(call("POST", path, carriesJson, body.toString()), CALL, answer, id)

    private fun call(method: String, address: String, headers: Map<String, String>, body: String? = null) =
        HttpCall(method, settings.brokerUrl + address, headers + ("Authorization" to "Bearer ${settings.credential}"), body)

    private suspend fun <T> exchange(call: HttpCall, atMost: Duration, expected: DeserializationStrategy<T>, id: String?): T {
        val answer = translating { http.exchange(call, atMost).also(::ensureWhole) }
        answer.header("Sesame-Features")?.let { header -> seen.updateAndGet { it + header.split(',').map(String::trim) } }
        if (answer.status !in SUCCESS) throw failure(answer.status, answer.header(RETRY_AFTER), answer.bytes.decodeToString(), id)
        val text = try {
            answer.bytes.decodeToString(throwOnInvalidSequence = true)
        } catch (problem: CharacterCodingException) {
            throw notOurs(problem)
        }
        return decoded(expected, text)
    }

    /** Without a length, an end that came too early shows only in what came; a refusal may well hold nothing, when it is a proxy's. */
    private fun ensureWhole(answer: HttpAnswer) {
        if (answer.header("Content-Length") != null || answer.bytes.size >= Http.LARGEST_ANSWER_BYTES) return
        val text = answer.bytes.decodeToString()
        val isCut = if (text.isEmpty()) {
            answer.status in SUCCESS && answer.status != NO_CONTENT
        } else {
            text.startsWith('{') && JsonDepth.isBearable(text) && JsonDepth.read(text) == null
        }
        if (isCut) throw EOFException("the answer ended before its end")
    }

    private fun <T> decoded(answer: DeserializationStrategy<T>, text: String): T = try {
        BrokerJson.read(answer, text)
    } catch (problem: SerializationException) {
        throw notOurs(problem)
    }

    /** Ends the exchange when the client is closed, and says what its failures mean. */
    private suspend fun <T> translating(exchange: suspend () -> T): T = try {
        coroutineScope {
            val onClose = closing.invokeOnCompletion { cancel() }
            try {
                ensureActive() // nothing goes out by a client that was closed
                exchange()
            } finally {
                onClose.dispose()
            }
        }
    } catch (problem: CancellationException) {
        // A client or an engine that was closed shows as a cancellation, too; the caller's own one stays one.
        currentCoroutineContext().ensureActive()
        throw if (closing.isCompleted) SesameClosedException() else unreachable(problem)
    } catch (problem: SesameException) {
        throw problem
    } catch (problem: Retryable) {
        throw problem
    } catch (problem: LinkageError) {
        throw RuntimeCheck.Here.toldIn(problem) ?: problem
    } catch (problem: Exception) { // whatever the engine throws means the same: no answer
        throw if (closing.isCompleted) SesameClosedException() else unreachable(problem)
    }

    /** A broker that can't be reached, unless a library lacks what another one calls: then no other try will do. */
    private fun unreachable(problem: Exception) = RuntimeCheck.Here.toldIn(problem)
        ?: Retryable(null, BrokerUnavailableException("no answer from ${settings.brokerUrl} (${problem.javaClass.simpleName})", problem))

    private fun notOurs(problem: Exception) =
        ProtocolException("the answer of ${settings.brokerUrl} is not what a Sesame broker says: is that its address?", problem)

    private companion object {
        val CALL = 10.seconds
        val MARGIN = 10.seconds
        const val LARGEST_EVENT_BYTES = 1024 * 1024
        const val RETRY_AFTER = "Retry-After"
        const val NO_CONTENT = 204
        val SUCCESS = 200..299
        val wantsJson = mapOf("Accept" to "application/json")
        val carriesJson = wantsJson + ("Content-Type" to "application/json")
        val nothing = JsonObject(emptyMap())

        fun encoded(value: String): String = URLEncoder.encode(value, Charsets.UTF_8)

        fun sentKey(body: JsonObject): String = (body["dedup_key"] as? JsonPrimitive)?.contentOrNull.orEmpty()

        /** An id goes into the path as it is, if it can. */
        fun inPath(id: String): String {
            if (id.isEmpty() || id.length > 100 ||
                !id.all { it in 'a'..'z' || it in 'A'..'Z' || it in '0'..'9' || it == '_' || it == '-' }
            ) {
                throw ApprovalNotFoundException(id.take(100))
            }
            return id
        }
    }
}
