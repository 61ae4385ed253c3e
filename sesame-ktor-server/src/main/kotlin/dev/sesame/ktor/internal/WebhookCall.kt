package dev.sesame.ktor.internal

import dev.sesame.SesameException
import dev.sesame.WebhookEvent
import dev.sesame.WebhookReason
import dev.sesame.WebhookVerificationException
import dev.sesame.ktor.WebhookAnswer
import io.ktor.http.BadContentTypeFormatException
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.PipelineCall
import io.ktor.server.response.header
import io.ktor.server.response.respond
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import org.slf4j.LoggerFactory

/** One webhook: what costs least is looked at first, and nothing is run on what isn't verified. */
internal class WebhookCall(private val route: WebhookRoute, private val call: PipelineCall) {
    suspend fun receive(proceed: suspend () -> Unit) {
        if (!isPlainJson()) return refuse(415, "content_type")
        headersFault()?.let { return refuse(401, it) }
        when (val body = call.readRawBody(route.limits)) {
            RawBody.TooLarge -> refuse(413, "too_large")
            RawBody.TooSlow -> refuse(408, "too_slow")
            is RawBody.Whole -> verify(body.bytes, proceed)
        }
    }

    private suspend fun verify(body: ByteArray, proceed: suspend () -> Unit) {
        val event = try {
            route.verifier.verify(body, ::header)
        } catch (problem: WebhookVerificationException) {
            log.warn("{}", problem.message)
            return answer(WebhookAnswer(if (problem.reason.isGenuine) 400 else 401, problem.reason.value))
        }
        handle(event, proceed)
    }

    /** What the headers alone give away; what they sign is another matter. */
    private fun headersFault(): String? = try {
        route.verifier.authenticate(nothing, ::header)
        null
    } catch (problem: WebhookVerificationException) {
        problem.takeIf { it.reason != WebhookReason.BAD_SIGNATURE }?.also { log.warn("{}", it.message) }?.reason?.value
    }

    private fun header(name: String): List<String>? = call.request.headers.getAll(name)

    private suspend fun handle(event: WebhookEvent, proceed: suspend () -> Unit) {
        val answer = try {
            passOn(event, proceed)
        } catch (problem: Exception) { // whatever the handler throws means the same: send it again
            currentCoroutineContext().ensureActive()
            if (problem is SesameException) {
                log.warn(
                    "{} was not handled: {}",
                    event,
                    problem.message,
                )
            } else {
                log.error("{} failed", event, problem)
            }
            WebhookAnswer(500, "failed")
        }
        answer(answer)
    }

    private suspend fun passOn(event: WebhookEvent, proceed: suspend () -> Unit): WebhookAnswer {
        val handlers = route.handlers
        if (handlers == null) {
            call.attributes.put(webhookKey, event)
            proceed()
            val status = call.response.status()?.value ?: 204
            return WebhookAnswer(status, if (status in 200..299) "handled" else "failed")
        }
        val result = handlers.dispatch(event)
        return when {
            !result.mayAcknowledge -> WebhookAnswer(503, "under_way")
            result.isRepeat -> WebhookAnswer(204, "repeated")
            else -> WebhookAnswer(204, "handled")
        }
    }

    private fun isPlainJson(): Boolean {
        if (call.request.headers.contains(HttpHeaders.ContentEncoding)) return false
        val type = try {
            ContentType.parse(call.request.headers[HttpHeaders.ContentType] ?: return false)
        } catch (_: BadContentTypeFormatException) {
            return false
        }
        if (!type.match(ContentType.Application.Json)) return false
        return type.parameter("charset").let { it == null || it.equals("utf-8", ignoreCase = true) }
    }

    /** The body isn't going to be read: the caller is asked to end the connection. */
    private suspend fun refuse(status: Int, outcome: String) {
        call.response.header(HttpHeaders.Connection, "close")
        answer(WebhookAnswer(status, outcome))
    }

    private suspend fun answer(answer: WebhookAnswer) {
        if (!call.response.isCommitted) call.respond(HttpStatusCode.fromValue(answer.status))
        try {
            route.listener(answer)
        } catch (problem: Exception) { // the answer is out
            currentCoroutineContext().ensureActive()
            log.error("The listener of webhooks failed", problem)
        }
    }

    private companion object {
        val nothing = ByteArray(0)
        val log = LoggerFactory.getLogger("dev.sesame.ktor")
    }
}
