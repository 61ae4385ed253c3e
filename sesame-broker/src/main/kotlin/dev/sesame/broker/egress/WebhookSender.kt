package dev.sesame.broker.egress

import dev.sesame.broker.delivery.Sender
import dev.sesame.broker.delivery.Sent
import io.ktor.client.HttpClient
import io.ktor.client.request.header
import io.ktor.client.request.preparePost
import io.ktor.client.request.setBody
import io.ktor.client.statement.bodyAsChannel
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.content.ByteArrayContent
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull
import java.time.InstantSource

/**
 * Sends webhooks, and messages to push services, over HTTP, to where [egress] lets it. The client, and with it all of OkHttp, is made with the first one.
 *
 * Of an answer the status and the first 2 KB are read, or less where it ends before; only then it is one. A 2xx that breaks off or stalls
 * before that is a failure without a status.
 */
internal class WebhookSender(
    private val egress: Egress,
    private val clock: InstantSource,
    private val limits: SendLimits = SendLimits(),
    private val agent: String = "Sesame-Webhooks/$version",
    client: () -> HttpClient = { guardedClient(egress, limits = limits) },
) : Sender,
    AutoCloseable {
    private val made = lazy(client)
    private val client by made
    private val places = HostPlaces(limits.toOneHost)

    override suspend fun send(url: String, headers: Map<String, String>, body: ByteArray): Sent {
        val target = try {
            Target.of(url, egress)
        } catch (problem: BadTarget) {
            return Sent(null, "not sent: the URL ${problem.reason}", "", null)
        }
        val answer = Answer(clock)
        return answer.toSent(failure { places.within("${target.host}:${target.port}") { exchange(url, headers, body, answer) } })
    }

    /** Why [exchange] came to no end; `null` where it did. */
    private suspend fun failure(exchange: suspend () -> Unit): String? = try {
        if (withTimeoutOrNull(limits.overall) { exchange() } == null) "no end within ${limits.overall}" else null
    } catch (problem: CancellationException) {
        // The engine says by a cancellation that it was closed; the caller's own one stays one.
        currentCoroutineContext().ensureActive()
        "the broker stops"
    } catch (problem: Exception) { // whatever the engine throws means the same: no answer
        inWords(problem)
    }

    private suspend fun exchange(url: String, headers: Map<String, String>, body: ByteArray, answer: Answer) {
        val statement = client.preparePost(url) {
            (headers - HttpHeaders.ContentType).forEach { (name, value) -> header(name, value) }
            header(HttpHeaders.UserAgent, agent)
            // As it is: what is unpacked has no size that its sender told.
            header(HttpHeaders.AcceptEncoding, "identity")
            setBody(ByteArrayContent(body, headers[HttpHeaders.ContentType]?.let(ContentType::parse) ?: ContentType.Application.Json))
        }
        statement.execute { response ->
            answer.begin(response.status.value, response.headers[HttpHeaders.RetryAfter])
            answer.read(response.bodyAsChannel())
            // What is left is not waited for; the connection goes with it.
            if (!answer.isWhole) response.cancel()
        }
    }

    override fun close() {
        if (made.isInitialized()) client.close()
    }

    companion object {
        val version: String = WebhookSender::class.java.`package`.implementationVersion ?: "development"
    }
}
