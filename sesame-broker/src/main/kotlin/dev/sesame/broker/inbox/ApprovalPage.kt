package dev.sesame.broker.inbox

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.broker.access.Ids
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.rules.ApprovalRecord
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.html.respondHtml
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import kotlinx.html.FlowContent
import kotlinx.html.HTML
import kotlinx.html.body
import kotlinx.html.code
import kotlinx.html.h1
import kotlinx.html.head
import kotlinx.html.link
import kotlinx.html.main
import kotlinx.html.meta
import kotlinx.html.p
import kotlinx.html.title

/**
 * The page behind `approval_url`: what is asked and how it stands, to read only.
 *
 * Nobody is signed in here, so it shows neither reason nor context, and it decides nothing. Test requests reach no person, so it has none.
 */
internal class ApprovalPage(private val read: ReadApproval, private val document: (ApprovalRecord) -> Approval) {
    fun install(route: Route) {
        route.get("/approvals/{id}") { show(call) }
        route.get("/approvals/page.css") { call.respondText(STYLE, ContentType.Text.CSS) }
    }

    private suspend fun show(call: ApplicationCall) {
        val record = call.parameters["id"]?.takeIf(Ids::isApproval)?.let { id -> read.find(id) { it.isForPeople } }
        call.response.header(HttpHeaders.CacheControl, "no-store")
        call.response.header("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'")
        call.response.header("X-Content-Type-Options", "nosniff")
        call.response.header("Referrer-Policy", "no-referrer")
        call.respondHtml(if (record == null) HttpStatusCode.NotFound else HttpStatusCode.OK) { page(record?.let(document)) }
    }

    private fun HTML.page(approval: Approval?) {
        head {
            meta(charset = "utf-8")
            meta(name = "viewport", content = "width=device-width, initial-scale=1")
            title(if (approval == null) "Sesame" else "Sesame: ${approval.status}")
            link(rel = "stylesheet", href = "page.css")
        }
        body {
            main {
                if (approval == null) absent() else present(approval)
            }
        }
    }

    private fun FlowContent.absent() {
        h1 { +"No such request" }
        p { +"It was never asked here, or is long forgotten." }
    }

    private fun FlowContent.present(approval: Approval) {
        p("status ${approval.status}") { +approval.status.value }
        h1 { +visible(approval.summary.orEmpty()) }
        p { code { +visible(approval.action) } }
        p { +"Asked by ${visible(approval.requesterLabel.orEmpty())} at ${approval.createdAt}." }
        if (approval.status == ApprovalStatus.PENDING) {
            p { +"Open until ${approval.expiresAt}. An approver decides with:" }
            p { code { +"./sesame approve ${approval.id}" } }
        } else {
            p { +"${approval.status} at ${approval.decidedAt}${approval.decision?.by?.let { " by ${visible(it.toString())}" }.orEmpty()}." }
        }
    }

    private companion object {
        /** Text that could turn or hide what stands around it is shown as its code (T2 of the threat list). */
        fun visible(text: String): String =
            buildString { text.forEach { if (Character.getType(it).toByte() in hiding) append("\\u%04x".format(it.code)) else append(it) } }

        val hiding = setOf(Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR)

        val STYLE = """
            :root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif; }
            body { margin: 0; padding: 2rem 1rem; }
            main { max-width: 40rem; margin: auto; overflow-wrap: anywhere; }
            h1 { font-size: 1.5rem; line-height: 1.25; }
            code { padding: .2em .4em; border-radius: .3em; background: color-mix(in srgb, currentColor 10%, transparent); }
            .status { display: inline-block; margin: 0; padding: .1em .7em; border: 1px solid; border-radius: 1em; font-size: .9rem; }
            .approved { color: #1a7f37; } .denied { color: #cf222e; } .expired, .cancelled { color: #9a6700; }
            @media (prefers-color-scheme: dark) { .approved { color: #4ac26b; } .denied { color: #ff8182; } .expired, .cancelled { color: #d4a72c; } }
        """.trimIndent()
    }
}
