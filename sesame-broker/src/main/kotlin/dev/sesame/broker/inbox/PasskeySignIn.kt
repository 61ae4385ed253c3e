package dev.sesame.broker.inbox

import dev.sesame.broker.access.SignInAttempts
import dev.sesame.broker.access.Site
import dev.sesame.broker.access.passkey.Passkeys
import dev.sesame.broker.access.passkey.Purpose
import dev.sesame.broker.address.TrustedProxies
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import java.time.Duration

/** Signing in with a passkey, which says itself whose it is. Whatever is wrong with one, the answer is the same page. */
internal class PasskeySignIn(
    private val pages: Pages,
    private val forms: Forms,
    private val visitors: Visitors,
    private val attempts: SignInAttempts,
    private val proxies: TrustedProxies,
    private val passkeys: Passkeys,
    private val site: () -> Site,
) {
    fun install(route: Route) {
        route.postPage(pages, "/sign-in/passkey/options", ::ask)
        route.postPage(pages, "/sign-in/passkey", ::signIn)
    }

    /** The ticket stays with this browser: an answer counts where it was asked for, and nowhere else. */
    private suspend fun ask(call: ApplicationCall) {
        forms.anybodys(call)
        val place = site().passkeyPlace ?: return call.refuseOptions(HttpStatusCode.Forbidden, NOT_HERE)
        val asked = passkeys.askToSignIn(place)
        call.keepCookie(site(), cookieName(), asked.ticket, Purpose.SIGN_IN.life, "Strict")
        call.respondOptions(asked.options)
    }

    private suspend fun signIn(call: ApplicationCall) {
        val address = proxies.visitorOf(call)
        attempts.waitOf(address)?.let { return pages.tooManyAttempts(call, it) }
        val fields = forms.anybodys(call)
        val ticket = call.cookie(cookieName())?.clear.orEmpty()
        call.keepCookie(site(), cookieName(), "", Duration.ZERO, "Strict")
        val approver = site().passkeyPlace?.let { passkeys.signIn(it, fields.credential, ticket) }
        if (approver != null && visitors.signIn(call, approver)) {
            return pages.goTo(call, fields["next"]?.takeIf(PasskeyOffer.OWN_PAGE::matches) ?: PasskeyOffer.HOME)
        }
        attempts.failed(address)
        val page = Page("Sign in", HttpStatusCode.Forbidden, asksToSignIn = true) { nothing("This passkey doesn't work", REFUSED) }
        pages.show(call, page)
    }

    private fun cookieName() = site().cookieName + "-passkey"

    private companion object {
        const val NOT_HERE = "Passkeys don't work at this address."
        const val REFUSED = "It was removed, was made for another address, or took too long. Try again, or ask for a sign-in link."
    }
}
