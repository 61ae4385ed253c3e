package dev.sesame.broker.http

import dev.sesame.Approval
import dev.sesame.broker.access.NoPlace
import dev.sesame.broker.approval.Contended
import dev.sesame.broker.approval.NoLongerActive
import dev.sesame.broker.approval.TooManyPending
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.rules.Refusal
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.http.content.HttpStatusCodeContent
import io.ktor.server.plugins.BadRequestException
import io.ktor.server.plugins.statuspages.StatusPagesConfig
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import kotlinx.serialization.json.JsonArrayBuilder
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import org.slf4j.LoggerFactory
import java.util.concurrent.CancellationException

/** An answer other than the one asked for, told as RFC 9457; the only place with status codes is this file. */
internal class Problem(
    val code: ProblemCode,
    val detail: String,
    val fields: List<FieldProblem> = emptyList(),
    val approval: Approval? = null,
    val retryAfterSeconds: Int? = null,
) : RuntimeException(detail) {
    override fun fillInStackTrace(): Throwable = this // an answer, not a fault
}

/** What is wrong with one field. */
internal data class FieldProblem(val field: String, val message: String)

/** The codes of the contract. */
internal enum class ProblemCode(val status: Int, val title: String) {
    MALFORMED_JSON(400, "The body is not JSON"),
    UNAUTHORIZED(401, "No valid credential"),
    FORBIDDEN(403, "Not for this caller"),
    SELF_APPROVAL(403, "Nobody decides their own request"),
    NOT_FOUND(404, "Nothing here"),
    CURSOR_EXPIRED(410, "This cursor leads nowhere any more"),
    METHOD_NOT_ALLOWED(405, "Not with this method"),
    ALREADY_CLAIMED(409, "Another call holds the right to run it"),
    ALREADY_DECIDED(409, "Decided already"),
    ALREADY_EXECUTED(409, "Executed already"),
    APPROVAL_LAPSED(409, "Approved, but not claimed in time"),
    CLAIM_LOST(409, "This claim doesn't hold"),
    CONTEXT_MISMATCH(409, "Not what was approved"),
    DEDUP_CONFLICT(409, "This dedup key stands for another request"),
    NAME_TAKEN(409, "This name is taken"),
    NOT_APPROVED(409, "Not approved"),
    OUTCOME_UNKNOWN(409, "An earlier run ended without a word"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Not a media type for this call"),
    INVALID(422, "Something in the request is not acceptable"),
    RATE_LIMITED(429, "Too much at once"),
    INTERNAL(500, "The broker failed"),
    UNAVAILABLE(503, "Not now"),
}

internal fun invalid(vararg fields: FieldProblem): Problem =
    Problem(ProblemCode.INVALID, fields.joinToString("; ") { "${it.field} ${it.message}" }, fields.toList())

internal fun notFound(): Problem = Problem(ProblemCode.NOT_FOUND, "there is no such approval for this caller")

internal fun Refusal.toProblem(approval: Approval): Problem =
    Problem(ProblemCode.valueOf(name), "${inWords()} (approval ${approval.id} is ${approval.status})", approval = approval)

private fun Refusal.inWords(): String = when (this) {
    Refusal.DEDUP_CONFLICT -> "this dedup key stands for another action or context: use another key"
    Refusal.ALREADY_DECIDED -> "the first decision stands"
    Refusal.SELF_APPROVAL -> "somebody other than the requester's owner must decide it"
    Refusal.NOT_APPROVED -> "only an approved one can be claimed"
    Refusal.CONTEXT_MISMATCH -> "context_hash is not the hash of what was approved"
    Refusal.APPROVAL_LAPSED -> "its validity is over; ask anew"
    Refusal.ALREADY_CLAIMED -> "another call holds the claim"
    Refusal.ALREADY_EXECUTED -> "it ran to its end"
    Refusal.OUTCOME_UNKNOWN -> "look whether it happened, then settle it or claim with after_unknown"
    Refusal.CLAIM_LOST -> "there is no present claim that this speaks for"
}

internal fun StatusPagesConfig.problems() {
    exception<Problem> { call, problem -> call.respondProblem(problem) }
    exception<TooManyPending> { call, cause ->
        call.respondProblem(Problem(ProblemCode.RATE_LIMITED, "${cause.message}: have some decided first", retryAfterSeconds = 60))
    }
    exception<NoPlace> { call, cause -> call.respondProblem(Problem(ProblemCode.RATE_LIMITED, cause.message!!, retryAfterSeconds = 1)) }
    exception<NoLongerActive> { call, cause -> call.respondProblem(Problem(ProblemCode.UNAUTHORIZED, cause.message!!)) }
    exception<Contended> { call, cause -> call.respondProblem(Problem(ProblemCode.UNAVAILABLE, cause.message!!, retryAfterSeconds = 1)) }
    exception<BadRequestException> { call, _ -> call.respondProblem(invalid(FieldProblem("request", "can't be read"))) }
    exception<StoreUnavailable> { call, cause ->
        log.error("The store failed: {}", cause.message)
        log.debug("The store failed", cause)
        call.respondProblem(Problem(ProblemCode.UNAVAILABLE, "the broker can't reach its disk or database", retryAfterSeconds = 5))
    }
    exception<CancellationException> { _, cause -> throw cause } // the caller left
    exception<Throwable> { call, cause ->
        log.error("A call failed by a fault of the broker", cause)
        call.respondProblem(Problem(ProblemCode.INTERNAL, "this is a fault of the broker; its log says more under this request_id"))
    }
    status(HttpStatusCode.NotFound) { _: HttpStatusCode -> if (content is HttpStatusCodeContent) call.respondUnrouted() }
    status(HttpStatusCode.MethodNotAllowed) { call, _ -> call.respondUnrouted() }
}

/** The router says 404 also of some addresses that are there and take another method. */
private suspend fun ApplicationCall.respondUnrouted() {
    val allowed = allowedMethods()
    if (allowed.isEmpty()) return respondProblem(Problem(ProblemCode.NOT_FOUND, "there is no such address"))
    response.header(HttpHeaders.Allow, allowed.joinToString { it.value })
    respondProblem(Problem(ProblemCode.METHOD_NOT_ALLOWED, "this address doesn't take ${request.local.method.value}"))
}

private suspend fun ApplicationCall.respondProblem(problem: Problem) {
    problem.retryAfterSeconds?.let { response.header(HttpHeaders.RetryAfter, it.toString()) }
    if (problem.code == ProblemCode.UNAUTHORIZED) response.header(HttpHeaders.WWWAuthenticate, "Bearer")
    respondText(problem.toJson(requestId).toString(), problemJson, HttpStatusCode.fromValue(problem.code.status))
}

internal fun Problem.toJson(requestId: String, status: Int = code.status): JsonObject = buildJsonObject {
    val word = code.name.lowercase()
    put("type", "urn:sesame:problem:$word")
    put("title", code.title)
    put("status", status)
    put("detail", detail)
    put("code", word)
    put("request_id", requestId)
    if (fields.isNotEmpty()) putJsonArray("errors") { fields.forEach { addField(it) } }
    approval?.let { put("approval", it.toJson()) }
}

private fun JsonArrayBuilder.addField(problem: FieldProblem) {
    addJsonObject {
        put("field", problem.field)
        put("message", problem.message)
    }
}

internal val problemJson = ContentType.parse("application/problem+json")
private val log = LoggerFactory.getLogger("dev.sesame.broker.http")
