package dev.sesame.broker.http

import dev.sesame.Approval
import dev.sesame.broker.access.NoPlace
import dev.sesame.broker.approval.Contended
import dev.sesame.broker.approval.NoLongerActive
import dev.sesame.broker.approval.TooManyPending
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.Refusal
import dev.sesame.rules.invalid
import dev.sesame.rules.toJson
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

/** Failures of every kind as the contract tells them, each [told]; no other file here names a status code. */
internal fun StatusPagesConfig.problems(told: (ProblemCode) -> Unit) {
    suspend fun ApplicationCall.answer(problem: Problem) {
        told(problem.code)
        respondProblem(problem)
    }
    exception<Problem> { call, problem -> call.answer(problem) }
    exception<TooManyPending> { call, cause ->
        call.answer(Problem(ProblemCode.RATE_LIMITED, "${cause.message}: have some decided first", retryAfterSeconds = 60))
    }
    exception<NoPlace> { call, cause -> call.answer(Problem(ProblemCode.RATE_LIMITED, cause.message!!, retryAfterSeconds = 1)) }
    exception<NoLongerActive> { call, cause -> call.answer(Problem(ProblemCode.UNAUTHORIZED, cause.message!!)) }
    exception<Contended> { call, cause -> call.answer(Problem(ProblemCode.UNAVAILABLE, cause.message!!, retryAfterSeconds = 1)) }
    exception<BadRequestException> { call, _ -> call.answer(invalid(FieldProblem("request", "can't be read"))) }
    exception<StoreUnavailable> { call, cause ->
        log.error("The store failed: {} ({})", cause.message, call.requestId)
        log.debug("The store failed", cause)
        call.answer(Problem(ProblemCode.UNAVAILABLE, "the broker can't reach its disk or database", retryAfterSeconds = 5))
    }
    exception<CancellationException> { _, cause -> throw cause } // the caller left
    exception<Throwable> { call, cause ->
        log.error("A call failed by a fault of the broker ({})", call.requestId, cause)
        call.answer(Problem(ProblemCode.INTERNAL, "this is a fault of the broker; its log says more under this request_id"))
    }
    status(HttpStatusCode.NotFound) { _: HttpStatusCode -> if (content is HttpStatusCodeContent) call.answer(call.unrouted()) }
    status(HttpStatusCode.MethodNotAllowed) { call, _ -> call.answer(call.unrouted()) }
}

/** The router says 404 also of some addresses that are there and take another method. */
private fun ApplicationCall.unrouted(): Problem {
    val allowed = allowedMethods()
    if (allowed.isEmpty()) return Problem(ProblemCode.NOT_FOUND, "there is no such address")
    response.header(HttpHeaders.Allow, allowed.joinToString { it.value })
    return Problem(ProblemCode.METHOD_NOT_ALLOWED, "this address doesn't take ${request.local.method.value}")
}

private suspend fun ApplicationCall.respondProblem(problem: Problem) {
    problem.retryAfterSeconds?.let { response.header(HttpHeaders.RetryAfter, it.toString()) }
    if (problem.code == ProblemCode.UNAUTHORIZED) response.header(HttpHeaders.WWWAuthenticate, "Bearer")
    respondText(problem.toJson(requestId).toString(), problemJson, HttpStatusCode.fromValue(problem.code.status))
}

internal val problemJson = ContentType.parse("application/problem+json")
private val log = LoggerFactory.getLogger("dev.sesame.broker.http")
