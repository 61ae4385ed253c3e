package dev.sesame.broker.inbox

import dev.sesame.broker.approval.Contended
import dev.sesame.broker.approval.NoLongerActive
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.text.shown
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
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
} catch (problem: StoreUnavailable) {
    log.error("The store failed: {}", problem.message)
    val sentence = "The broker can't reach its disk or database. It has acknowledged nothing: load the page anew to see what stands."
    sorry(call, HttpStatusCode.ServiceUnavailable, "Not now", sentence)
}

private suspend fun Pages.sorry(call: ApplicationCall, status: HttpStatusCode, heading: String, sentence: String) =
    show(call, Page(heading, status) { nothing(heading, shown(sentence)) })

private val log = LoggerFactory.getLogger("dev.sesame.broker.inbox")
