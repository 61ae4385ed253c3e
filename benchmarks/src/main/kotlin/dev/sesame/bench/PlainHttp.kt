package dev.sesame.bench

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.IOException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration
import java.util.concurrent.CompletableFuture

/** The broker's calls as anyone would make them, with the JDK's own client and without the SDK: nothing is tried twice here. */
internal class PlainHttp(private val url: String, private val credential: String?) : AutoCloseable {
    private val client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build()

    fun get(path: String): Reply = send(request(path).GET().build()).join()

    fun post(path: String, body: JsonObject): Reply = posting(path, body).join()

    /** The same, under way beside others. */
    fun posting(path: String, body: JsonObject): CompletableFuture<Reply> =
        send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.toString())).build())

    fun isAnswering(path: String): Boolean = try {
        client.send(request(path).GET().build(), BodyHandlers.discarding()).statusCode() == OK
    } catch (_: IOException) {
        false
    }

    /** What is no JSON, such as metrics. */
    fun text(path: String): String = client.send(request(path).GET().build(), BodyHandlers.ofString()).body()

    override fun close() {
        client.shutdownNow()
    }

    private fun request(path: String): HttpRequest.Builder {
        val builder = HttpRequest.newBuilder(URI(url + path)).timeout(PATIENCE)
        return if (credential == null) builder else builder.header("Authorization", "Bearer $credential")
    }

    private fun send(request: HttpRequest): CompletableFuture<Reply> =
        client.sendAsync(request, BodyHandlers.ofString()).handle { response: HttpResponse<String>?, _ -> replyOf(response) }

    private fun replyOf(response: HttpResponse<String>?): Reply = when {
        response == null || response.statusCode() >= SERVER_FAULT -> Reply.None
        response.statusCode() < REFUSED -> Reply.Done(Json.parseToJsonElement(response.body()).jsonObject)
        else -> Reply.Refused(response.statusCode(), Json.parseToJsonElement(response.body()).jsonObject.text("code").orEmpty())
    }

    private companion object {
        val PATIENCE: Duration = Duration.ofSeconds(20)
        const val OK = 200
        const val REFUSED = 300
        const val SERVER_FAULT = 500
    }
}

/** What came of a call. */
internal sealed interface Reply {
    /** Acknowledged with a 2xx: from now on it must stand. */
    class Done(val body: JsonObject) : Reply

    /** A 4xx: nothing was changed. */
    class Refused(val status: Int, val code: String) : Reply

    /** A cut connection, a timeout or a 5xx: whether it happened can't be known. */
    data object None : Reply
}

/** The body of what must be acknowledged. */
internal fun Reply.answered(): JsonObject = when (this) {
    is Reply.Done -> body
    is Reply.Refused -> error("refused with $status $code")
    Reply.None -> error("no answer")
}

internal fun JsonObject.text(name: String): String? = this[name]?.jsonPrimitive?.contentOrNull
