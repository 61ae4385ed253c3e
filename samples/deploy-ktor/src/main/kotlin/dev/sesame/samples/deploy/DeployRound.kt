package dev.sesame.samples.deploy

import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.request.header
import io.ktor.client.request.post
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** A caller of the gated route: asks, comes again with the approval until it is decided, and says what happened. */
internal class DeployRound(private val address: String) {
    suspend fun run() {
        HttpClient(CIO) { install(HttpTimeout) { requestTimeoutMillis = 60_000 } }.use { client ->
            val path = "/deploy/web?version=1.2.3"
            println("POST $path")
            val asked = client.post(address + path)
            val goOn = asked.headers[HttpHeaders.Location]
            if (asked.status != HttpStatusCode.Accepted || goOn == null) return println(told(asked))
            println("${asked.status}: a person has to say yes; the same request goes on at $goOn")
            println(told(client.decided(address + goOn)))
            println("Once more: ${told(client.post(address + goOn))}")
        }
    }

    /** Holds each request for the decision instead of asking again and again. */
    private suspend fun HttpClient.decided(url: String): HttpResponse {
        repeat(MOST_WAITS) {
            val answer = post(url) { header("Prefer", "wait=25") }
            if (answer.status != HttpStatusCode.Accepted) return answer
        }
        return post(url)
    }

    private suspend fun told(answer: HttpResponse): String {
        val text = answer.bodyAsText()
        val isProblem = answer.headers[HttpHeaders.ContentType] == "application/problem+json"
        return "${answer.status}: ${if (isProblem) Json.parseToJsonElement(text).jsonObject["detail"]?.jsonPrimitive?.content else text}"
    }

    private companion object {
        /** A quarter of an hour. */
        const val MOST_WAITS = 36
    }
}
