package dev.sesame.checks

import dev.sesame.Approval
import kotlinx.coroutines.future.await
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse

/** An answer, as a caller without any library of ours sees it. */
internal class Answered(private val response: HttpResponse<String>) {
    val status: Int get() = response.statusCode()
    val body: String get() = response.body()

    fun header(name: String): String? = response.headers().firstValue(name).orElse(null)
}

private val http = HttpClient.newHttpClient()

internal suspend fun post(url: String, body: String, vararg headers: Pair<String, String>): Answered {
    val request = HttpRequest.newBuilder(URI(url)).POST(HttpRequest.BodyPublishers.ofString(body))
    headers.forEach { (name, value) -> request.header(name, value) }
    return Answered(http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).await())
}

/** What the broker tells by webhook once [asked] is approved. */
internal fun eventOf(asked: Approval): String = buildJsonObject {
    put("type", "approval.approved")
    put("approval_id", asked.id)
    put("action", asked.action)
    put("status", "approved")
    put("mode", "live")
    asked.context?.let { put("context", it) }
    put("effective_context", asked.effectiveContext)
    put("edited", false)
    put("request_hash", asked.requestHash)
    put("context_hash", asked.contextHash)
}.toString()
