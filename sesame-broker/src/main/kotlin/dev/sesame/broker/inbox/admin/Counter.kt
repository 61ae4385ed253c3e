package dev.sesame.broker.inbox.admin

import dev.sesame.broker.inbox.Forms
import dev.sesame.broker.inbox.NotOurForm
import dev.sesame.broker.inbox.Page
import dev.sesame.broker.inbox.Pages
import dev.sesame.broker.inbox.Visitor
import dev.sesame.broker.inbox.Visitors
import dev.sesame.broker.inbox.getPage
import dev.sesame.broker.inbox.nothing
import dev.sesame.broker.inbox.postPage
import dev.sesame.broker.inbox.signInFirst
import io.ktor.http.HttpStatusCode
import io.ktor.http.encodeURLPathPart
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route

/** Where admins are served: every page and every form of theirs goes through here, and nobody else's does. */
internal class Counter(private val pages: Pages, private val forms: Forms, private val visitors: Visitors) {
    /** The page at [path]. */
    fun page(route: Route, path: String, show: suspend (Visit) -> Unit) = route.getPage(pages, path) { call ->
        admin(call)?.let { show(Visit(call, it, pages)) }
    }

    /** What a form sends to [path]; [NotOurForm] where it isn't one of ours, made for this session. */
    fun form(route: Route, path: String, take: suspend (Visit, Filled) -> Unit) = route.postPage(pages, path) { call ->
        admin(call)?.let { take(Visit(call, it, pages), Filled(forms.of(call, it))) }
    }

    /** The same where nothing else answers at [path]: who comes there by a reload goes to [back]. */
    fun form(route: Route, path: String, back: (String) -> String, take: suspend (Visit, Filled) -> Unit) {
        page(route, path) { it.goTo(back(it.id.encodeURLPathPart())) }
        form(route, path, take)
    }

    /** `null` where somebody else came, who is told so. */
    private suspend fun admin(call: ApplicationCall): Visitor? {
        val visitor = visitors.of(call)
        when {
            visitor == null -> pages.show(call, signInFirst())
            visitor.isAdmin -> return visitor
            else -> pages.show(call, Page("Not for you", HttpStatusCode.Forbidden, visitor) { nothing("For admins only", WHO) })
        }
        return null
    }

    private companion object {
        const val WHO = "These pages are for approvers with the role admin. You can answer requests; nothing was changed here."
    }
}
