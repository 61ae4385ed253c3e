package dev.sesame.ktor.internal

import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration

/** Why the handler was not reached, as RFC 9457; the same codes as the broker's where they mean the same. */
internal class Problem(
    val status: Int,
    val code: String,
    val detail: String,
    val approvalId: String? = null,
    val note: String? = null,
    val retryAfter: Duration? = null,
)

internal val notFound = Problem(404, "not_found", "there is no such approval: to ask, send the request without one")

internal val twoApprovals = Problem(400, "invalid", "there is more than one approval in the query")

internal val mismatch =
    Problem(409, "request_mismatch", "this approval is for another request: method, path, query, body and caller must be the same")

internal fun tooLarge(maxBytes: Int) = Problem(413, "too_large", "the body may have $maxBytes bytes")

internal fun tooSlow(timeout: Duration) = Problem(408, "too_slow", "the body did not come within $timeout")

/** Answers with [problem]; where the body isn't going to be read, it asks the caller to end the connection. */
internal suspend fun ApplicationCall.respondProblem(problem: Problem, bodyIsRead: Boolean = true) {
    response.header(HttpHeaders.CacheControl, "no-store")
    problem.retryAfter?.let { response.header(HttpHeaders.RetryAfter, it.inWholeSeconds.coerceAtLeast(1).toString()) }
    if (!bodyIsRead) response.header(HttpHeaders.Connection, "close")
    val status = HttpStatusCode.fromValue(problem.status)
    val body = buildJsonObject {
        put("type", "urn:sesame:problem:${problem.code}")
        put("title", status.description)
        put("status", problem.status)
        put("detail", problem.detail)
        put("code", problem.code)
        problem.approvalId?.let { put("approval_id", it) }
        problem.note?.let { put("note", it) }
    }
    respondText(body.toString(), problemJson, status)
}

private val problemJson = ContentType.parse("application/problem+json")
