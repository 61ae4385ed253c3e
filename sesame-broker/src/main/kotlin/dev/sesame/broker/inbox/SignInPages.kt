package dev.sesame.broker.inbox

import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.SignInAttempts
import dev.sesame.broker.access.Site
import dev.sesame.broker.address.TrustedProxies
import dev.sesame.broker.address.networkOf
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.routing.Route
import kotlinx.html.ButtonType
import kotlinx.html.FormMethod
import kotlinx.html.InputType
import kotlinx.html.button
import kotlinx.html.code
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.input
import kotlinx.html.p
import kotlinx.html.section
import kotlin.time.Duration

/** Signing in by a link, and out. The link's page is the same for every link: it neither spends nor judges it. */
internal class SignInPages(
    private val pages: Pages,
    private val forms: Forms,
    private val visitors: Visitors,
    private val attempts: SignInAttempts,
    private val proxies: TrustedProxies,
    private val site: () -> Site,
) {
    fun install(route: Route) {
        route.getPage(pages, "/sign-in/{link}", ::ask)
        route.postPage(pages, "/sign-in", ::signIn)
        route.postPage(pages, "/sign-out", ::signOut)
    }

    private suspend fun ask(call: ApplicationCall) = pages.show(
        call,
        Page("Sign in") {
            section("sheet narrow") {
                h1 { +"Sign in" }
                p { +"This link signs you in on this device, once. Go on only if you asked for it or were told that it would come." }
                form(action = pages.path("/sign-in"), method = FormMethod.post) {
                    input(type = InputType.hidden, name = LINK) { value = call.parameters["link"].orEmpty().take(LONGEST_LINK) }
                    button(type = ButtonType.submit, classes = "main") { +"Sign in on this device" }
                }
            }
        },
    )

    private suspend fun signIn(call: ApplicationCall) {
        val address = proxies.visitorOf(call)
        attempts.waitOf(address)?.let { return pages.tooManyAttempts(call, it) }
        val link = forms.anybodys(call)[LINK].orEmpty()
        if (!site().takesSignIns) return unsafe(call)
        if (visitors.signIn(call, Secret(link.take(LONGEST_LINK)))) return pages.goTo(call, "/inbox")
        attempts.failed(address)
        pages.show(call, Page("Sign in", HttpStatusCode.Forbidden) { nothing("This link doesn't work", OUTWORN) })
    }

    private suspend fun unsafe(call: ApplicationCall) = pages.show(
        call,
        Page("Sign in", HttpStatusCode.Forbidden) {
            section("sheet narrow") {
                h1 { +"Not over this connection" }
                p { +"Signing in needs https, or a broker on this machine. Who runs this broker sets its address outside as " }
                p { code { +"SESAME_PUBLIC_URL" } }
            }
        },
    )

    private suspend fun signOut(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.goTo(call, "/inbox")
        forms.of(call, visitor)
        visitors.signOut(call, visitor)
        pages.show(call, Page("Signed out") { nothing("Signed out", "This device can't answer any more.") })
    }

    private companion object {
        const val LINK = "link"
        const val LONGEST_LINK = 100
        const val OUTWORN = "It was used, is older than 15 minutes, was replaced by a newer one, or isn't one. Ask for another."
    }
}

/** Whose failures are counted together. */
internal fun TrustedProxies.visitorOf(call: ApplicationCall): String =
    networkOf(visitor(call.request.local.remoteAddress, call.request.headers.getAll(HttpHeaders.XForwardedFor).orEmpty()))

/** Whoever failed too often waits, whatever they bring along. */
internal suspend fun Pages.tooManyAttempts(call: ApplicationCall, wait: Duration) {
    call.response.header(HttpHeaders.RetryAfter, wait.inWholeSeconds + 1)
    val page = Page("Sign in", HttpStatusCode.TooManyRequests) {
        nothing("Too many attempts", "Signing in failed too often. Try again in ${wait.inWholeMinutes + 1} min.")
    }
    show(call, page)
}
