package dev.sesame.testing.internal

import io.ktor.client.engine.HttpClientEngineBase
import io.ktor.client.engine.HttpClientEngineCapability
import io.ktor.client.engine.HttpClientEngineConfig
import io.ktor.client.engine.callContext
import io.ktor.client.plugins.HttpTimeoutCapability
import io.ktor.client.request.HttpRequestData
import io.ktor.client.request.HttpResponseData
import io.ktor.http.HttpProtocolVersion
import io.ktor.http.HttpStatusCode
import io.ktor.http.content.OutgoingContent
import io.ktor.http.headers
import io.ktor.util.date.GMTDate
import io.ktor.util.flattenEntries
import io.ktor.utils.io.ByteChannel
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.InternalAPI
import io.ktor.utils.io.writeFully
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlin.coroutines.CoroutineContext

/** The door without a port: a client's calls are answered in this process, by [routes]. */
internal class InProcessEngine(private val routes: Routes, private val time: BrokerTime) : HttpClientEngineBase("sesame-fake") {
    override val config: HttpClientEngineConfig = HttpClientEngineConfig()
    override val dispatcher: CoroutineDispatcher get() = time.dispatcher
    override val supportedCapabilities: Set<HttpClientEngineCapability<*>> = setOf(HttpTimeoutCapability)

    @InternalAPI
    override suspend fun execute(data: HttpRequestData): HttpResponseData {
        val context = callContext()
        val call = data.toCall()
        val answer = if (call.isHeld) withContext(time.background) { routes.answer(call) } else routes.answer(call)
        val body = answer.stream?.let { opened(it, context) } ?: ByteReadChannel(answer.body)
        val headers = headers { answer.headers.forEach { (name, value) -> append(name, value) } }
        return HttpResponseData(HttpStatusCode.fromValue(answer.status), GMTDate(), headers, HttpProtocolVersion.HTTP_1_1, body, context)
    }

    private fun opened(stream: Stream, context: CoroutineContext): ByteReadChannel {
        val channel = ByteChannel()
        val writing = CoroutineScope(context + time.background).launch {
            try {
                stream.writeTo { bytes ->
                    channel.writeFully(bytes)
                    channel.flush()
                }
            } finally {
                channel.cancel(null)
            }
        }
        return LeavableBody(channel, writing)
    }

    private fun HttpRequestData.toCall(): HttpCall {
        val content = body
        val bytes = when (content) {
            is OutgoingContent.ByteArrayContent -> content.bytes()
            is OutgoingContent.NoContent -> ByteArray(0)
            else -> error("the fake takes whole bodies only, not ${content::class.simpleName}")
        }
        val sent = headers.flattenEntries() + listOfNotNull(content.contentType?.let { CONTENT_TYPE to "$it" })
        return HttpCall(
            method.value,
            url.encodedPath,
            url.parameters.flattenEntries(),
            sent.associate { (name, value) -> name.lowercase() to value },
            bytes,
        )
    }
}

/** A body whose reader may leave: then nobody writes it any more. */
@OptIn(InternalAPI::class)
private class LeavableBody(private val channel: ByteChannel, private val writing: Job) : ByteReadChannel by channel {
    override fun cancel(cause: Throwable?) {
        channel.cancel(cause)
        writing.cancel()
    }
}
