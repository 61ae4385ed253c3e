package dev.sesame.broker.inbox

import dev.sesame.broker.access.Site
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.withCharset
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import kotlinx.html.FlowContent
import kotlinx.html.HTML
import kotlinx.html.a
import kotlinx.html.body
import kotlinx.html.head
import kotlinx.html.header
import kotlinx.html.html
import kotlinx.html.id
import kotlinx.html.lang
import kotlinx.html.link
import kotlinx.html.main
import kotlinx.html.meta
import kotlinx.html.nav
import kotlinx.html.p
import kotlinx.html.script
import kotlinx.html.stream.appendHTML
import kotlinx.html.title
import java.time.InstantSource

/**
 * What one page shows. [cursor] is where its script goes on from, on pages that are kept up to date; [scripts] are those besides the one of all.
 * Where [asksToSignIn], a passkey is offered below.
 */
internal class Page(
    val title: String,
    val status: HttpStatusCode = HttpStatusCode.OK,
    val visitor: Visitor? = null,
    val cursor: String? = null,
    val scripts: List<Asset> = emptyList(),
    val asksToSignIn: Boolean = false,
    val content: FlowContent.() -> Unit,
)

/** The frame of all pages, and the headers that every one of them carries. */
internal class Pages(private val site: () -> Site, private val clock: InstantSource) {
    suspend fun show(call: ApplicationCall, page: Page) {
        call.guard()
        call.response.header(HttpHeaders.CacheControl, "no-store")
        val offer = if (page.asksToSignIn) PasskeyOffer(site(), call) else null
        val text = buildString {
            append("<!DOCTYPE html>\n")
            appendHTML(prettyPrint = false).html { frame(page, offer) }
        }
        call.respondText(text, ContentType.Text.Html.withCharset(Charsets.UTF_8), page.status)
    }

    /** See other: what was sent is done, and a reload doesn't do it again. */
    suspend fun goTo(call: ApplicationCall, path: String) {
        call.guard()
        call.response.header(HttpHeaders.CacheControl, "no-store")
        call.response.header(HttpHeaders.Location, site().path(path))
        call.respondText("", ContentType.Text.Plain, HttpStatusCode.SeeOther)
    }

    fun path(path: String): String = site().path(path)

    private fun HTML.frame(page: Page, offer: PasskeyOffer?) {
        lang = "en"
        head {
            meta(charset = "utf-8")
            meta(name = "viewport", content = "width=device-width, initial-scale=1")
            meta(name = "color-scheme", content = "light dark")
            title("${page.title} · Sesame")
            link(rel = "icon", href = path(Assets.ICON.path), type = "image/svg+xml")
            link(rel = "stylesheet", href = path(Assets.STYLE.path))
            (listOf(Assets.SCRIPT) + page.scripts + offer?.scripts.orEmpty()).forEach { script(src = path(it.path)) { defer = true } }
        }
        body {
            if (page.status == HttpStatusCode.OK) attributes["data-now"] = clock.instant().toString()
            attributes["data-root"] = path("/")
            page.cursor?.let { attributes["data-cursor"] = it }
            a(href = "#main", classes = "skip") { +"Skip to the content" }
            header("bar") { bar(page.visitor) }
            main {
                id = "main"
                attributes["tabindex"] = "-1"
                page.content(this)
                offer?.show(this)
            }
            if (page.cursor != null) offline()
            p("unseen") {
                id = "said"
                attributes["role"] = "status"
            }
            if (page.visitor != null) keys()
        }
    }

    private fun FlowContent.bar(visitor: Visitor?) {
        a(href = path("/inbox"), classes = "brand") { +"Sesame" }
        if (visitor == null) return
        nav {
            attributes["aria-label"] = "Sesame"
            a(href = path("/inbox")) { +"Pending" }
            a(href = path("/inbox?show=decided")) { +"History" }
            a(href = path("/sessions"), classes = "me") {
                attributes["aria-label"] = "Your sessions, ${visitor.approver.name}"
                visible(visitor.approver.name)
            }
        }
    }

    private fun FlowContent.offline() {
        p("offline") {
            id = "offline"
            attributes["role"] = "status"
            attributes["hidden"] = ""
            +"Not connected. What you see may be old; trying again."
        }
    }

    companion object {
        /** Nothing inline, nothing from elsewhere, framed nowhere. */
        private const val POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

        /** Passkeys on these pages alone. */
        private const val PERMISSIONS =
            "camera=(), microphone=(), geolocation=(), publickey-credentials-create=(self), publickey-credentials-get=(self)"

        /** What every answer for a browser carries. With same-origin, forms of our own still say their origin. */
        fun ApplicationCall.guard() {
            response.header("Content-Security-Policy", POLICY)
            response.header("X-Content-Type-Options", "nosniff")
            response.header("X-Frame-Options", "DENY")
            response.header("Referrer-Policy", "same-origin")
            response.header("Cross-Origin-Opener-Policy", "same-origin")
            response.header("Cross-Origin-Resource-Policy", "same-origin")
            response.header("Permissions-Policy", PERMISSIONS)
        }
    }
}
