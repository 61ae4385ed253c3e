package dev.sesame.broker.inbox

import dev.sesame.broker.access.Ids
import dev.sesame.broker.approval.Contended
import dev.sesame.broker.approval.NoLongerActive
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.text.shown
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.plugins.BadRequestException
import io.ktor.server.request.httpMethod
import io.ktor.server.response.header
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import kotlinx.coroutines.CancellationException
import kotlinx.html.a
import kotlinx.html.h1
import kotlinx.html.p
import kotlinx.html.section
import org.slf4j.LoggerFactory

/** What a browser asks at [path]; what goes wrong is told as a page, too. */
internal fun Route.getPage(pages: Pages, path: String, answer: suspend (ApplicationCall) -> Unit) {
    get(path) { pages.told(call, answer) }
}

/** The same for what it sends. */
internal fun Route.postPage(pages: Pages, path: String, answer: suspend (ApplicationCall) -> Unit) {
    post(path) { pages.told(call, answer) }
}

private suspend fun Pages.told(call: ApplicationCall, answer: suspend (ApplicationCall) -> Unit) = try {
    answer(call)
} catch (leaving: CancellationException) {
    throw leaving
} catch (problem: NotOurForm) {
    sorry(
        call,
        HttpStatusCode.Forbidden,
        "Not sent from this page",
        "This form was refused: ${problem.message}. Nothing was changed. Load the page anew.",
    )
} catch (_: NoLongerActive) {
    sorry(
        call,
        HttpStatusCode.Unauthorized,
        "You can't answer any more",
        "An admin ended your access. Nothing was decided by you just now.",
    )
} catch (_: Contended) {
    sorry(call, HttpStatusCode.ServiceUnavailable, "Too many at once", "Nothing was changed. Load the page anew.")
} catch (_: BadRequestException) {
    sorry(call, HttpStatusCode.BadRequest, "That can't be read", "Your browser sent something that can't be read. Nothing was changed.")
} catch (problem: StoreUnavailable) {
    log.error("The store failed: {} ({})", problem.message, call.requestId)
    call.response.header(HttpHeaders.RetryAfter, RETRY_SECONDS)
    failed(call, HttpStatusCode.ServiceUnavailable, "Not now", "The broker can't reach its disk or database.")
} catch (problem: Throwable) {
    if (call.response.isCommitted) throw problem
    log.error("A page failed by a fault of the broker ({})", call.requestId, problem)
    failed(call, HttpStatusCode.InternalServerError, "That went wrong", "This is a fault of the broker; its log says more.")
}

/** Nobody knows how far it came: the page says so, and where to see what stands. */
private suspend fun Pages.failed(call: ApplicationCall, status: HttpStatusCode, heading: String, why: String) {
    val id = call.parameters["id"]?.takeIf(Ids::isApproval)
    val page = Page(heading, status) {
        section("sheet narrow") {
            h1 { +heading }
            p { +why }
            p { +if (call.request.httpMethod == HttpMethod.Post) UNKNOWN else "Nothing was decided: looking decides nothing." }
            a(href = path(if (id == null) "/inbox" else "/approvals/$id"), classes = "plain") { +"See what stands" }
            p("quiet") { +"For who runs the broker: ${call.requestId}" }
        }
    }
    show(call, page)
}

private suspend fun Pages.sorry(call: ApplicationCall, status: HttpStatusCode, heading: String, sentence: String) =
    show(call, Page(heading, status) { nothing(heading, shown(sentence)) })

/** As the broker's answers name this call. */
private val ApplicationCall.requestId: String get() = response.headers["Request-Id"] ?: "none"

private const val UNKNOWN = "What you sent may or may not have been kept. Look before you send it again; an answer that was kept counts."
private const val RETRY_SECONDS = 5
private val log = LoggerFactory.getLogger("dev.sesame.broker.inbox")
