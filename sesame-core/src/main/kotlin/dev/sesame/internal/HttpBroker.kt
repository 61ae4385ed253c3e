package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalNotFoundException
import dev.sesame.BrokerUnavailableException
import dev.sesame.DedupConflictException
import dev.sesame.ProtocolException
import dev.sesame.SesameClosedException
import dev.sesame.SesameException
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.plugins.HttpTimeoutConfig
import io.ktor.client.plugins.timeout
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.header
import io.ktor.client.request.parameter
import io.ktor.client.request.prepareRequest
import io.ktor.client.request.setBody
import io.ktor.client.request.url
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsChannel
import io.ktor.http.ContentType
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.http.contentLength
import io.ktor.http.contentType
import io.ktor.http.isSuccess
import io.ktor.utils.io.readAvailable
import io.ktor.utils.io.readRemaining
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.io.readByteArray
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.io.EOFException
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * The calls over HTTP; the only file that knows Ktor.
 *
 * Waits and all other calls go through one engine, whose sockets one thread watches. Its limits are far beyond what a process may hold: however
 * many polls are held, none keeps a claim from going out.
 */
internal class HttpBroker(
    private val settings: Settings,
    engine: HttpClientEngine?,
    private val closing: Deferred<Unit>,
    threads: CoroutineDispatcher,
) : BrokerCalls {
    private val own = if (engine == null) ownEngine(threads) else null
    private val client = HttpClient(engine ?: checkNotNull(own)) {
        expectSuccess = false
        followRedirects = false // would carry the key elsewhere
        install(HttpTimeout)
    }
    private val seen = AtomicReference(emptySet<String>())
    override val features: Set<String> get() = seen.get()

    override suspend fun open(body: JsonObject): Approval = try {
        post("/v1/approvals", body, Approval.serializer())
    } catch (problem: DedupConflictException) {
        throw if (problem.dedupKey.isNotEmpty()) problem else DedupConflictException(sentKey(body), problem.message.orEmpty())
    }

    override suspend fun read(id: String, hold: Duration?): Approval {
        val path = "/v1/approvals/${inPath(id)}"
        if (hold == null) return exchange(HttpMethod.Get, path, CALL, Approval.serializer(), id) {}
        return exchange(HttpMethod.Get, path, hold + MARGIN, Approval.serializer(), id) {
            parameter("wait", "true")
            parameter("timeout_seconds", hold.inWholeSeconds)
        }
    }

    override suspend fun cancel(id: String): Approval = post("/v1/approvals/${inPath(id)}/cancel", nothing, Approval.serializer(), id)

    override suspend fun claim(id: String, body: JsonObject): ClaimGrant =
        post("/v1/approvals/${inPath(id)}/claim", body, ClaimGrant.serializer(), id)

    override suspend fun report(id: String, body: JsonObject): Approval =
        post("/v1/approvals/${inPath(id)}/outcome", body, Approval.serializer(), id)

    override suspend fun receipt(id: String): String =
        exchange(HttpMethod.Get, "/v1/approvals/${inPath(id)}/receipt", CALL, SignedReceipt.serializer(), id) {}.receipt

    override suspend fun check(body: JsonObject): ToldDecision = post("/v1/policy/check", body, ToldDecision.serializer())

    override suspend fun decide(id: String, body: JsonObject): Approval =
        post("/v1/approvals/${inPath(id)}/decision", body, Approval.serializer(), id)

    override suspend fun extend(id: String, body: JsonObject): Approval =
        post("/v1/approvals/${inPath(id)}/extend", body, Approval.serializer(), id)

    override suspend fun list(path: String, query: Map<String, String>): ApprovalPage =
        exchange(HttpMethod.Get, path, CALL, ApprovalPage.serializer(), null) {
            query.forEach { (name, value) -> parameter(name, value) }
        }

    override suspend fun follow(cursor: String?, readyWithin: Duration, silence: Duration, onEvent: suspend (FeedEvent) -> Unit) {
        unlessClosed {
            translating {
                val statement = request(HttpMethod.Get, "/v1/decisions", FOREVER) {
                    header("Accept", "text/event-stream")
                    cursor?.let { header("Last-Event-ID", it) }
                }
                statement.execute { response -> read(response, readyWithin, silence, onEvent) }
            }
        }
    }

    private suspend fun read(response: HttpResponse, readyWithin: Duration, silence: Duration, onEvent: suspend (FeedEvent) -> Unit) {
        if (!response.status.isSuccess()) {
            throw failure(response.status.value, response.headers["Retry-After"], bodyOf(response).decodeToString(), id = null)
        }
        val channel = response.bodyAsChannel()
        var isReady = false
        val parser = SseParser(LARGEST_EVENT_BYTES) { event ->
            if (event.name == "ready") isReady = true
            toFeedEvent(event)?.let { onEvent(it) }
        }
        val buffer = ByteArray(BUFFER_BYTES)
        while (true) {
            val count = withTimeoutOrNull(if (isReady) silence else readyWithin) { channel.readAvailable(buffer) } ?: return
            if (count < 0 || !parser.feed(buffer, count)) return
        }
    }

    private fun toFeedEvent(event: SseEvent): FeedEvent? = when (event.name) {
        "ready" -> FeedEvent(event.id, approval = null)
        "decision" -> FeedEvent(event.id, decoded(Approval.serializer(), event.text))
        else -> null
    }

    override fun close() {
        client.close()
        own?.close()
    }

    private suspend fun <T> post(path: String, body: JsonObject, answer: DeserializationStrategy<T>, id: String? = null): T =
        exchange(HttpMethod.Post, path, CALL, answer, id) {
            contentType(ContentType.Application.Json)
            setBody(body.toString())
        }

    private suspend fun <T> exchange(
        method: HttpMethod,
        path: String,
        atMost: Duration,
        answer: DeserializationStrategy<T>,
        id: String?,
        fill: HttpRequestBuilder.() -> Unit,
    ): T {
        val (response, bytes) = unlessClosed {
            translating {
                request(method, path, atMost) {
                    header("Accept", "application/json")
                    fill()
                }.execute { it to bodyOf(it) }
            }
        }
        response.headers["Sesame-Features"]?.let { header -> seen.updateAndGet { it + header.split(',').map(String::trim) } }
        if (!response.status.isSuccess()) throw failure(response.status.value, response.headers["Retry-After"], bytes.decodeToString(), id)
        val text = try {
            bytes.decodeToString(throwOnInvalidSequence = true)
        } catch (problem: CharacterCodingException) {
            throw notOurs(problem)
        }
        return decoded(answer, text)
    }

    /** The whole of it: one that was cut off is no answer at all, although Ktor takes it for one. */
    private suspend fun bodyOf(response: HttpResponse): ByteArray {
        val channel = response.bodyAsChannel()
        val bytes = channel.readRemaining(LARGEST_ANSWER_BYTES).readByteArray()
        channel.closedCause?.let { throw it }
        val length = response.contentLength()
        val isCut = if (length != null) {
            bytes.size < minOf(length, LARGEST_ANSWER_BYTES)
        } else {
            bytes.size < LARGEST_ANSWER_BYTES && isCutObject(bytes.decodeToString(), response.status)
        }
        if (isCut) throw EOFException("the answer ended before its end")
        return bytes
    }

    /** In chunks, an end that came too early shows only in what they hold; a refusal may well hold nothing, when it is a proxy's. */
    private fun isCutObject(text: String, status: HttpStatusCode): Boolean = if (text.isEmpty()) {
        status.isSuccess() && status != HttpStatusCode.NoContent
    } else {
        text.startsWith('{') && JsonDepth.isBearable(text) && JsonDepth.read(text) == null
    }

    private fun <T> decoded(answer: DeserializationStrategy<T>, text: String): T = try {
        BrokerJson.read(answer, text)
    } catch (problem: SerializationException) {
        throw notOurs(problem)
    }

    private suspend fun request(method: HttpMethod, path: String, atMost: Duration, fill: HttpRequestBuilder.() -> Unit) =
        client.prepareRequest {
            this.method = method
            url(settings.brokerUrl + path)
            header("Authorization", "Bearer ${settings.credential}")
            timeout {
                requestTimeoutMillis = if (atMost == FOREVER) HttpTimeoutConfig.INFINITE_TIMEOUT_MS else atMost.inWholeMilliseconds
                connectTimeoutMillis = CONNECT.inWholeMilliseconds
                socketTimeoutMillis = requestTimeoutMillis
            }
            fill()
        }

    private suspend fun <T> translating(exchange: suspend () -> T): T = try {
        exchange()
    } catch (problem: CancellationException) {
        // Ktor says that it was closed by a cancellation; the caller's own one stays one.
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

    /** Ends the exchange when the client is closed, whoever owns the engine. */
    private suspend fun <T> unlessClosed(exchange: suspend () -> T): T = coroutineScope {
        val work = async { exchange() }
        select {
            closing.onAwait {
                work.cancel()
                throw SesameClosedException()
            }
            work.onAwait { it }
        }
    }

    /** A broker that can't be reached, unless a library lacks what another one calls: then no other try will do. */
    private fun unreachable(problem: Exception) = RuntimeCheck.Here.toldIn(problem)
        ?: Retryable(null, BrokerUnavailableException("no answer from ${settings.brokerUrl} (${problem.javaClass.simpleName})", problem))

    private fun notOurs(problem: Exception) =
        ProtocolException("the answer of ${settings.brokerUrl} is not what a Sesame broker says: is that its address?", problem)

    private companion object {
        val CALL = 10.seconds
        val MARGIN = 10.seconds
        val CONNECT = 5.seconds
        val FOREVER = Duration.INFINITE
        const val LARGEST_ANSWER_BYTES = 16L * 1024 * 1024
        const val LARGEST_EVENT_BYTES = 1024 * 1024
        const val BUFFER_BYTES = 64 * 1024
        val nothing = JsonObject(emptyMap())

        /** Far more than a process may hold sockets: the limit that counts is the system's. */
        const val CONNECTIONS = 100_000

        fun ownEngine(threads: CoroutineDispatcher): HttpClientEngine = CIO.create {
            dispatcher = threads
            maxConnectionsCount = CONNECTIONS
            requestTimeout = 0
            endpoint.maxConnectionsPerRoute = CONNECTIONS
        }

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
