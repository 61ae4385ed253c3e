package dev.sesame.broker.egress

import dev.sesame.broker.address.CidrBlock
import dev.sesame.broker.notice.telegram.BotAnswer
import dev.sesame.broker.notice.telegram.BotApi
import dev.sesame.broker.notice.telegram.BotToken
import dev.sesame.internal.JsonDepth
import io.ktor.client.HttpClient
import io.ktor.client.request.preparePost
import io.ktor.client.request.setBody
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsChannel
import io.ktor.http.ContentType
import io.ktor.http.content.TextContent
import io.ktor.utils.io.readRemaining
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.io.readByteArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.intOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Calls Telegram's Bot API over HTTP. The bot's token is a part of every URL there: what it answers never repeats a URL, nor the words of a
 * failure that could.
 */
internal class BotApiClient(private val base: String, private val token: BotToken, client: () -> HttpClient) :
    BotApi,
    AutoCloseable {
    private val made = lazy(client)
    private val client by made

    override suspend fun call(method: String, body: JsonObject, timeout: Duration): BotAnswer = try {
        withTimeoutOrNull(timeout) { exchange(method, body) } ?: BotAnswer.None("no answer within $timeout")
    } catch (problem: CancellationException) {
        currentCoroutineContext().ensureActive()
        BotAnswer.None("the broker stops")
    } catch (problem: Exception) { // whatever the engine throws means the same: no answer
        BotAnswer.None(inWords(problem))
    }

    private suspend fun exchange(method: String, body: JsonObject): BotAnswer {
        val statement = client.preparePost("$base/bot${token.clear}/$method") {
            setBody(TextContent(body.toString(), ContentType.Application.Json))
        }
        return statement.execute(::read)
    }

    private suspend fun read(response: HttpResponse): BotAnswer {
        val status = response.status.value
        val bytes = response.bodyAsChannel().readRemaining(LARGEST_ANSWER_BYTES + 1L).readByteArray()
        if (bytes.size > LARGEST_ANSWER_BYTES) return BotAnswer.None("answered $status with more than $LARGEST_ANSWER_BYTES bytes")
        val json = JsonDepth.read(String(bytes)) as? JsonObject ?: return BotAnswer.None("answered $status, and not as the Bot API does")
        val result = json["result"]
        if ((json["ok"] as? JsonPrimitive)?.contentOrNull == "true" && result != null) return BotAnswer.Done(result)
        return BotAnswer.Refused(json.primitive("error_code")?.intOrNull ?: status, json.description(), json.retryAfter(status))
    }

    private fun JsonObject.primitive(name: String) = get(name) as? JsonPrimitive

    /** Should a server ever repeat the call's address, the token is not in what is kept of it. */
    private fun JsonObject.description(): String =
        primitive("description")?.contentOrNull.orEmpty().replace(token.clear, "…").take(LONGEST_DESCRIPTION)

    private fun JsonObject.retryAfter(status: Int): Duration? {
        val seconds = (get("parameters") as? JsonObject)?.primitive("retry_after")?.doubleOrNull
        return seconds?.takeIf { it >= 0 }?.seconds ?: UNTOLD_PAUSE.takeIf { status == TOO_MANY }
    }

    override fun close() {
        if (made.isInitialized()) client.close()
    }

    companion object {
        private const val LARGEST_ANSWER_BYTES = 4 * 1024 * 1024
        private const val LONGEST_DESCRIPTION = 200
        private const val TOO_MANY = 429
        private val UNTOLD_PAUSE = 5.seconds

        /** Longer than any call waits, which has a bound of its own. */
        val LIMITS = SendLimits(overall = 90.seconds, toOneHost = 128, inAll = 128)

        /** Where a Bot API of the operator's own may be: they said where, so anywhere. */
        val ANYWHERE = CidrBlock.list("0.0.0.0/0,::/0")
    }
}
