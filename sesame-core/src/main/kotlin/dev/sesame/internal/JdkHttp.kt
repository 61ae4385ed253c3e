package dev.sesame.internal

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandler
import java.net.http.HttpTimeoutException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/**
 * By the JDK's own client: connections are kept between calls, TLS is the platform's.
 *
 * HTTP/1.1 alone: what is to be shared among waits is the feed, which is one answer. [given] is a client that somebody else closes.
 */
internal class JdkHttp(
    private val given: HttpClient?,
    private val threads: CoroutineDispatcher,
    private val time: TimeSource = TimeSource.Monotonic,
) : Http {
    private val deadlines = CoroutineScope(threads + SupervisorJob())

    @Volatile
    private var own = Own()

    override suspend fun exchange(call: HttpCall, atMost: Duration): HttpAnswer {
        val answer = CompletableDeferred<HttpAnswer>()
        return awaiting(call, atMost, answer) { head ->
            WholeBody { bytes -> answer.complete(HttpAnswer(head.statusCode(), bytes) { head.headers().firstValue(it).orElse(null) }) }
        }
    }

    override suspend fun stream(call: HttpCall, headWithin: Duration, read: suspend (HttpStream) -> Unit) {
        val begun = CompletableDeferred<Unit>()
        BodyInPieces().use { body ->
            awaiting(call, headWithin, begun) { head -> body.apply { this.head = head }.also { begun.complete(Unit) } }
            read(body)
        }
    }

    override fun close() {
        deadlines.cancel()
        own.close()
    }

    /**
     * Sends [call], and returns what [handler] makes of the answer and completes [made] with: not what the JDK's future tells, whose news come
     * by the common pool, which others may have filled.
     */
    private suspend fun <T> awaiting(call: HttpCall, atMost: Duration, made: CompletableDeferred<T>, handler: BodyHandler<Unit>): T {
        val by = own
        val sent = (given ?: by.client.value).sendAsync(requestOf(call), handler)
        sent.whenComplete { _, problem -> problem?.let { made.completeExceptionally((it as? CompletionException)?.cause ?: it) } }
        val deadline = deadline(atMost) {
            if (made.completeExceptionally(HttpTimeoutException("no answer within $atMost"))) renew(by)
        }
        try {
            return made.await()
        } catch (problem: Throwable) {
            sent.end()
            throw problem
        } finally {
            deadline.cancel()
        }
    }

    /** By the clock of its own threads: a caller's may be a virtual one. */
    private fun deadline(atMost: Duration, then: () -> Unit): Job = deadlines.launch(start = CoroutineStart.UNDISPATCHED) {
        delay(atMost)
        then()
    }

    /** Kept connections that a firewall or a dead host forgot answer nothing: whoever tries again does so by new ones. */
    @Synchronized
    private fun renew(silent: Own) {
        if (own === silent && silent.since.elapsedNow() >= RENEWED_AT_MOST_EVERY) own = Own()
    }

    /** Cancelling in any other way ends the waiting alone, and not the exchange. */
    private fun CompletableFuture<*>.end() {
        cancel(true)
    }

    private inner class Own {
        val since = time.markNow()
        val client = lazy {
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // would carry the key elsewhere
                .connectTimeout(CONNECT.toJavaDuration())
                .executor(threads.asExecutor())
                .build()
        }

        /** From JDK 21 on a client can be told to end; before, it does so once nobody holds it. */
        fun close() {
            if (client.isInitialized()) HttpClient::class.java.methods.find { it.name == "shutdownNow" }?.invoke(client.value)
        }
    }

    private companion object {
        val CONNECT = 5.seconds
        val RENEWED_AT_MOST_EVERY = 10.seconds

        fun requestOf(call: HttpCall): HttpRequest = HttpRequest.newBuilder(URI(call.address))
            .version(HttpClient.Version.HTTP_1_1)
            .method(call.method, call.body?.let(BodyPublishers::ofString) ?: BodyPublishers.noBody())
            .apply { call.headers.forEach { (name, value) -> header(name, value) } }
            .build()
    }
}
