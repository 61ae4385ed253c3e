package dev.sesame.broker.inbox

import dev.sesame.ApprovalStatus
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.Found
import dev.sesame.broker.approval.SearchInbox
import dev.sesame.rules.ApprovalRecord
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import kotlinx.html.FlowContent
import kotlinx.html.UL
import kotlinx.html.a
import kotlinx.html.code
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.span
import kotlinx.html.ul
import java.time.Instant

/** The list: what waits for an answer, and what was answered. */
internal class InboxPage(
    private val pages: Pages,
    private val visitors: Visitors,
    private val search: SearchInbox,
    private val news: News,
) {
    fun install(route: Route) {
        route.getPage(pages, "/") { pages.goTo(it, "/inbox") }
        route.getPage(pages, "/inbox", ::show)
    }

    private suspend fun show(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        val asked = AskedList.of(call.request.queryParameters)
        val cursor = news.cursor(visitor) // before the list is read: what happens since is told
        val found = search.page(asked.wanted, asked.olderThan, visitor.caller::mayRead)
        pages.show(call, Page(asked.heading, visitor = visitor, cursor = cursor) { list(asked, found, visitor, news.now()) })
    }

    private fun FlowContent.list(asked: AskedList, found: Found, visitor: Visitor, now: Instant) {
        div("headline") { h1 { +asked.heading } }
        filters(asked, pages.path("/inbox"))
        if (visitor.isAdmin && asked.show != AskedList.UNKNOWN) {
            p("aside") { a(href = pages.path("/inbox?show=${AskedList.UNKNOWN}")) { +"Runs of which nobody knows the outcome" } }
        }
        section {
            id = "list"
            attributes["data-pending"] = "${asked.show == "pending"}"
            attributes["aria-label"] = "Requests"
            if (found.records.isEmpty()) empty(asked, found) else ul("rows") { found.records.forEach { row(it, now) } }
            found.goOnAfter?.let { a(href = pages.path(asked.next(it)), classes = "plain more") { +"Older" } }
        }
    }

    private fun FlowContent.empty(asked: AskedList, found: Found) {
        div("empty") {
            p("asked") { +if (asked.isNarrowed || asked.show != "pending") "Nothing found" else "Nothing waits for you" }
            p("quiet") {
                +when {
                    found.goOnAfter != null -> "Not among the newest 2,000. Older ones may hold it."
                    asked.show == AskedList.UNKNOWN && !asked.isNarrowed -> "Of every run that began it is known how it ended."
                    asked.isNarrowed || asked.show != "pending" -> "Try other words."
                    else -> "A new request appears here by itself."
                }
            }
        }
    }

    private fun UL.row(record: ApprovalRecord, now: Instant) {
        val question = record.question
        li {
            a(href = pages.path("/approvals/${record.id}"), classes = "row") {
                id = record.id
                h2 { visible(question.summary.take(LONGEST_SUMMARY)) }
                p("meta") {
                    code { visible(question.action) }
                    span { visible(question.requesterLabel) }
                    question.riskScore?.let { span { risk(it) } }
                }
                p("state") {
                    if (record.status == ApprovalStatus.PENDING) {
                        countdown(question.expiresAt, now)
                    } else {
                        status(record.status)
                        runInBrief(record, now)
                        record.progress.decision?.by?.let { span { visible(it.toString()) } }
                        record.progress.decidedAt?.let { moment(it) }
                    }
                }
            }
        }
    }

    private companion object {
        const val LONGEST_SUMMARY = 200
    }
}
