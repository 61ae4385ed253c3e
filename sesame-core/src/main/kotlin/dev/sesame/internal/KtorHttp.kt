package dev.sesame.internal

import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.plugins.HttpTimeoutConfig
import io.ktor.client.plugins.timeout
import io.ktor.client.request.header
import io.ktor.client.request.prepareRequest
import io.ktor.client.request.setBody
import io.ktor.client.request.url
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.HttpStatement
import io.ktor.client.statement.bodyAsChannel
import io.ktor.http.ContentType
import io.ktor.http.HttpMethod
import io.ktor.http.content.TextContent
import io.ktor.http.contentLength
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.readAvailable
import io.ktor.utils.io.readRemaining
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.io.readByteArray
import java.io.EOFException
import java.net.http.HttpTimeoutException
import kotlin.time.Duration

/** By the engine that a program brings along, and closes; the only file that knows Ktor. */
internal class KtorHttp(engine: HttpClientEngine) : Http {
    private val client = HttpClient(engine) {
        expectSuccess = false
        followRedirects = false // would carry the key elsewhere
        install(HttpTimeout)
    }

    override suspend fun exchange(call: HttpCall, atMost: Duration): HttpAnswer = statement(call, atMost).execute { response ->
        HttpAnswer(response.status.value, bodyOf(response)) { response.headers[it] }
    }

    override suspend fun stream(call: HttpCall, headWithin: Duration, read: suspend (HttpStream) -> Unit) {
        coroutineScope {
            val late = launch {
                delay(headWithin)
                throw HttpTimeoutException("no answer within $headWithin")
            }
            statement(call, Duration.INFINITE).execute {
                late.cancel()
                read(Stream(it))
            }
        }
    }

    override fun close() = client.close()

    private suspend fun statement(call: HttpCall, atMost: Duration): HttpStatement = client.prepareRequest {
        method = HttpMethod.parse(call.method)
        url(call.address)
        call.headers.filterKeys { it != CONTENT_TYPE }.forEach { (name, value) -> header(name, value) }
        call.body?.let { setBody(TextContent(it, ContentType.parse(call.headers.getValue(CONTENT_TYPE)))) }
        timeout {
            requestTimeoutMillis = if (atMost == Duration.INFINITE) HttpTimeoutConfig.INFINITE_TIMEOUT_MS else atMost.inWholeMilliseconds
            connectTimeoutMillis = Http.CONNECT_WITHIN.inWholeMilliseconds
            socketTimeoutMillis = requestTimeoutMillis
        }
    }

    /** The whole of it: one that was cut off is no answer at all, although Ktor takes it for one. */
    private suspend fun bodyOf(response: HttpResponse): ByteArray {
        val channel = response.bodyAsChannel()
        val bytes = channel.readRemaining(LARGEST).readByteArray()
        channel.closedCause?.let { throw it }
        if (bytes.size < minOf(response.contentLength() ?: 0, LARGEST)) throw EOFException("the answer ended before its end")
        return bytes
    }

    private class Stream(private val response: HttpResponse) : HttpStream {
        private var channel: ByteReadChannel? = null
        private val buffer = ByteArray(BUFFER_BYTES)
        override val status: Int get() = response.status.value

        override fun header(name: String): String? = response.headers[name]

        override suspend fun next(): ByteArray? {
            val body = channel ?: response.bodyAsChannel().also { channel = it }
            val count = body.readAvailable(buffer)
            return if (count < 0) null else buffer.copyOf(count)
        }
    }

    private companion object {
        const val LARGEST = Http.LARGEST_ANSWER_BYTES.toLong()
        const val BUFFER_BYTES = 64 * 1024
        const val CONTENT_TYPE = "Content-Type"
    }
}
