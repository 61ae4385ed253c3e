package dev.sesame.broker.inbox

import dev.sesame.broker.access.Session
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.text.shown
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import kotlinx.html.FlowContent
import kotlinx.html.UL
import kotlinx.html.a
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.strong
import kotlinx.html.ul

/** Where the visitor is signed in, and ending that. */
internal class SessionPages(
    private val pages: Pages,
    private val forms: Forms,
    private val visitors: Visitors,
    private val sessions: Sessions,
    private val hasTelegram: Boolean,
) {
    fun install(route: Route) {
        route.getPage(pages, "/sessions", ::list)
        route.postPage(pages, "/sessions/{id}/end", ::end)
        route.postPage(pages, "/sessions/end", ::endAll)
    }

    private suspend fun list(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        val all = sessions.list(visitor.approver.id)
        pages.show(call, Page("Your sessions", visitor = visitor) { sessions(visitor, all) })
    }

    private fun FlowContent.sessions(visitor: Visitor, all: List<Session>) {
        h1 { +"Your sessions" }
        p("quiet") {
            +"Signed in as "
            strong { visible(visitor.approver.name) }
            +". End what you don't know."
        }
        ul("rows") { all.forEach { row(visitor, it) } }
        section("actions") {
            a(href = pages.path("/passkeys"), classes = "plain") { +"Your passkeys" }
            a(href = pages.path("/devices"), classes = "plain") { +"Notifications on your devices" }
            if (hasTelegram) a(href = pages.path(TelegramPage.PATH), classes = "plain") { +"Your Telegram account" }
        }
        section("actions") {
            buttonForm(pages.path("/sign-out"), visitor, "Sign out on this device")
            buttonForm(pages.path("/sessions/end"), visitor, "Sign out everywhere", "plain danger")
        }
    }

    private fun UL.row(visitor: Visitor, session: Session) {
        li("row session") {
            div {
                strong { visible(browserName(session.browser)) }
                if (session.id == visitor.session.id) +" (this one)"
                p("quiet") {
                    +"Since "
                    moment(session.createdAt)
                    +", last used "
                    moment(session.seenAt)
                }
            }
            if (session.id != visitor.session.id) {
                val name = "End the session in ${browserName(session.browser)}"
                buttonForm(pages.path("/sessions/${session.id}/end"), visitor, "End", name = shown(name))
            }
        }
    }

    private suspend fun end(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        forms.of(call, visitor)
        sessions.end(call.parameters["id"].orEmpty(), visitor.approver.id)
        pages.goTo(call, "/sessions")
    }

    private suspend fun endAll(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        forms.of(call, visitor)
        sessions.endAll(visitor.approver.id)
        visitors.signOut(call, visitor)
        pages.show(call, Page("Signed out") { nothing("Signed out everywhere", "No device of yours can answer any more.") })
    }
}

/** The part of a User-Agent that people know. */
internal fun browserName(userAgent: String): String {
    val browser = browsers.firstOrNull { (mark, _) -> mark in userAgent }?.second
    val system = systems.firstOrNull { (mark, _) -> mark in userAgent }?.second
    return listOfNotNull(browser, system).joinToString(" on ").ifEmpty { userAgent.take(LONGEST_NAME).ifEmpty { "An unnamed browser" } }
}

private val browsers =
    listOf("Edg" to "Edge", "OPR/" to "Opera", "Firefox/" to "Firefox", "Chrome/" to "Chrome", "CriOS/" to "Chrome", "Safari/" to "Safari")
private val systems = listOf(
    "iPhone" to "iPhone",
    "iPad" to "iPad",
    "Android" to "Android",
    "Windows" to "Windows",
    "Mac OS X" to "Mac",
    "CrOS" to "ChromeOS",
    "Linux" to "Linux",
)
private const val LONGEST_NAME = 60
