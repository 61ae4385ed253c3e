package dev.sesame.testing.internal

import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.toJson
import kotlinx.serialization.json.JsonElement
import java.io.IOException

/** One call, by whichever door it came in; [headers] are by their names in lower case, [query] is decoded. */
internal class HttpCall(
    val method: String,
    val path: String,
    val query: List<Pair<String, String>>,
    private val headers: Map<String, String>,
    val body: ByteArray,
) {
    fun header(name: String): String? = headers[name.lowercase()]
}

/** What is answered: [body] at once, or [stream] bit by bit. */
internal class HttpAnswer(
    val status: Int,
    val headers: Map<String, String>,
    val body: ByteArray = ByteArray(0),
    val stream: Stream? = null,
) {
    fun with(more: Map<String, String>) = HttpAnswer(status, headers + more, body, stream)
}

/** A body that comes bit by bit; it ends when [writeTo] returns, or when the caller leaves, which cancels it or fails a write. */
internal fun interface Stream {
    suspend fun writeTo(sink: suspend (ByteArray) -> Unit)
}

/** The caller gets no answer: the connection breaks. */
internal class ConnectionLost : IOException("the connection broke, as the test asked for")

internal fun json(body: JsonElement, status: Int = OK) = HttpAnswer(status, mapOf(CONTENT_TYPE to JSON), body.toString().toByteArray())

internal fun Problem.toAnswer(requestId: String): HttpAnswer {
    val headers = buildMap {
        put(CONTENT_TYPE, "application/problem+json")
        retryAfterSeconds?.let { put("Retry-After", "$it") }
        if (code == ProblemCode.UNAUTHORIZED) put("WWW-Authenticate", "Bearer")
    }
    return HttpAnswer(code.status, headers, toJson(requestId).toString().toByteArray())
}

internal const val CONTENT_TYPE = "Content-Type"
internal const val JSON = "application/json"
internal const val EVENT_STREAM = "text/event-stream"
internal const val OK = 200
internal const val CREATED = 201

/** The contract's, read one byte further so that a larger one shows. */
internal const val LARGEST_BODY_BYTES = 256 * 1024
