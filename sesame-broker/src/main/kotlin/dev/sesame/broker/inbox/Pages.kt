package dev.sesame.broker.inbox

import dev.sesame.broker.access.Site
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.withCharset
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.uri
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import kotlinx.html.BODY
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
import kotlinx.html.p
import kotlinx.html.script
import kotlinx.html.stream.appendHTML
import kotlinx.html.title
import java.time.InstantSource

/**
 * What one page shows. [cursor] is where its script goes on from, on pages that are kept up to date; [styles] and [scripts] are those besides
 * the ones of all. Where [asksToSignIn], a passkey is offered below.
 */
internal class Page(
    val title: String,
    val status: HttpStatusCode = HttpStatusCode.OK,
    val visitor: Visitor? = null,
    val cursor: String? = null,
    val styles: List<Asset> = emptyList(),
    val scripts: List<Asset> = emptyList(),
    val asksToSignIn: Boolean = false,
    val content: FlowContent.() -> Unit,
)

/** The frame of all pages, and the headers that every one of them carries. */
internal class Pages(
    private val site: () -> Site,
    private val clock: InstantSource,
    /** What browsers subscribe to notices with; `null` where the broker sends them none. */
    private val pushKey: String? = null,
) {
    suspend fun show(call: ApplicationCall, page: Page) {
        val offer = if (page.asksToSignIn) PasskeyOffer(site(), call) else null
        val text = buildString {
            append("<!DOCTYPE html>\n")
            appendHTML(prettyPrint = false).html { frame(page, call.request.uri, offer) }
        }
        call.guard() // only now: where the page can't be made, another takes its place with headers of its own
        call.response.header(HttpHeaders.CacheControl, "no-store")
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

    /** Puts the headers of a page on an answer that is none. */
    fun guarded(call: ApplicationCall) = call.guard()

    private fun HTML.frame(page: Page, asked: String, offer: PasskeyOffer?) {
        lang = "en"
        head {
            meta(charset = "utf-8")
            meta(name = "viewport", content = "width=device-width, initial-scale=1")
            meta(name = "color-scheme", content = "light dark")
            title("${page.title} · Sesame")
            link(rel = "icon", href = path(Assets.ICON.path), type = "image/svg+xml")
            link(rel = "stylesheet", href = path(Assets.STYLE.path))
            page.styles.forEach { link(rel = "stylesheet", href = path(it.path)) }
            link(rel = "manifest", href = path(AppFiles.MANIFEST))
            link(rel = "apple-touch-icon", href = path(AppFiles.ICON))
            (listOf(Assets.SCRIPT) + page.scripts + offer?.scripts.orEmpty()).forEach { script(src = path(it.path)) { defer = true } }
            if (page.visitor != null && pushKey != null) script(src = path(Assets.PUSH.path), type = "module") { }
        }
        body {
            if (page.status == HttpStatusCode.OK) attributes["data-now"] = clock.instant().toString()
            attributes["data-root"] = path("/")
            page.cursor?.let { attributes["data-cursor"] = it }
            page.visitor?.let { push(it) }
            a(href = "#main", classes = "skip") { +"Skip to the content" }
            header("bar") { bar(page.visitor, asked, ::path) }
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

    /** What the script that keeps a device told needs to know. */
    private fun BODY.push(visitor: Visitor) {
        if (pushKey == null) return
        attributes["data-push"] = pushKey
        attributes["data-form"] = visitor.formToken
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
            "worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

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
