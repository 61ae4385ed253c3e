package dev.sesame.internal

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.completeWith
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.io.IOException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpHeaders
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandler
import java.net.http.HttpTimeoutException
import java.util.concurrent.CompletionException
import kotlin.time.Duration

/**
 * By the JDK's own client: connections are kept between calls, TLS is the platform's.
 *
 * HTTP/1.1 alone: what is to be shared among waits is the feed, which is one answer.
 */
internal class JdkHttp(private val clients: JdkClients, threads: CoroutineDispatcher) : Http {
    private val deadlines = CoroutineScope(threads + SupervisorJob())

    override suspend fun exchange(call: HttpCall, atMost: Duration): HttpAnswer {
        fun answer(status: Int, headers: HttpHeaders, bytes: ByteArray) = HttpAnswer(status, bytes) { headers.firstValue(it).orElse(null) }
        val answered = CompletableDeferred<HttpAnswer>()
        return awaiting(call, atMost, answered, { Result.success(answer(it.statusCode(), it.headers(), ByteArray(0))) }) { head ->
            WholeBody { body -> answered.completeWith(body.map { answer(head.statusCode(), head.headers(), it) }) }
        }
    }

    override suspend fun stream(call: HttpCall, headWithin: Duration, read: suspend (HttpStream) -> Unit) {
        val begun = CompletableDeferred<Unit>()
        BodyInPieces().use { body ->
            awaiting(call, headWithin, begun, { Result.failure(IOException("status ${it.statusCode()}, and nothing to read")) }) { head ->
                body.head = head
                begun.complete(Unit)
                body
            }
            read(body)
        }
    }

    override fun close() {
        deadlines.cancel()
        clients.close()
    }

    /**
     * Sends [call], and returns what [handler] completes [made] with: by itself, because the JDK's future tells its news by the common pool,
     * which others may have filled. That future is for what fails before there is an answer to handle, and for what it makes of one with which no
     * handler is asked: a proxy's that wants a password.
     */
    private suspend fun <T> awaiting(
        call: HttpCall,
        atMost: Duration,
        made: CompletableDeferred<T>,
        unhandled: (HttpResponse<Unit>) -> Result<T>,
        handler: BodyHandler<Unit>,
    ): T {
        val client = clients.current()
        val sent = client.sendAsync(requestOf(call), handler)
        sent.whenComplete { answer, problem ->
            val cause = (problem as? CompletionException)?.cause ?: problem
            made.completeWith(if (cause == null) unhandled(answer) else Result.failure(cause))
        }
        val deadline = deadline(atMost) {
            if (made.isActive) clients.renew(client)
            made.completeExceptionally(HttpTimeoutException("no answer within $atMost"))
        }
        try {
            return made.await()
        } finally {
            deadline.cancel()
            // Only so does the exchange end, and not merely the wait for it; after its end, its connection may be another call's.
            if (made.isActive || made.isCancelled) sent.cancel(true)
        }
    }

    /** By the clock of its own threads: a caller's may be a virtual one. */
    private fun deadline(atMost: Duration, then: () -> Unit): Job = deadlines.launch(start = CoroutineStart.UNDISPATCHED) {
        delay(atMost)
        then()
    }

    private companion object {
        fun requestOf(call: HttpCall): HttpRequest = HttpRequest.newBuilder(URI(call.address))
            .version(HttpClient.Version.HTTP_1_1)
            .method(call.method, call.body?.let(BodyPublishers::ofString) ?: BodyPublishers.noBody())
            .apply { call.headers.forEach { (name, value) -> header(name, value) } }
            .build()
    }
}
