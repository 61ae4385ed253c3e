package dev.sesame.broker.inbox

import dev.sesame.broker.access.Site
import dev.sesame.broker.access.passkey.Passkey
import dev.sesame.broker.access.passkey.Passkeys
import dev.sesame.broker.text.shown
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route

/** The visitor's passkeys: what there is, giving one a name, and, in a session that began just now, adding and removing. */
internal class PasskeyPages(
    private val pages: Pages,
    private val forms: Forms,
    private val visitors: Visitors,
    private val passkeys: Passkeys,
    private val site: () -> Site,
) {
    fun install(route: Route) {
        route.getPage(pages, "/passkeys") { show(it) }
        route.postPage(pages, "/passkeys/options", ::ask)
        route.postPage(pages, "/passkeys", ::add)
        route.postPage(pages, "/passkeys/{id}/rename", ::rename)
        route.postPage(pages, "/passkeys/{id}/remove", ::remove)
    }

    private suspend fun show(call: ApplicationCall, refused: String? = null) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        val reach = site().passkeyReach(call)
        val all = passkeys.list(visitor.approver.id)
        val seen = SeenPasskeys(visitor, all, site(), reach, passkeys.mayChange(visitor.signedIn), refused)
        val status = if (refused == null) HttpStatusCode.OK else HttpStatusCode.UnprocessableEntity
        pages.show(call, Page("Your passkeys", status, visitor, scripts = listOf(Assets.PASSKEYS)) { passkeys(seen) })
    }

    private suspend fun ask(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return call.refuseOptions(HttpStatusCode.Unauthorized, "You are not signed in any more.")
        forms.of(call, visitor)
        val place = site().passkeyPlace ?: return call.refuseOptions(HttpStatusCode.Forbidden, "Passkeys don't work at this address.")
        if (!passkeys.mayChange(visitor.signedIn)) return call.refuseOptions(HttpStatusCode.Forbidden, ANEW)
        val asked = passkeys.askToAdd(place, visitor.signedIn)
        call.respondOptions(asked.options, asked.ticket)
    }

    private suspend fun add(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        val fields = forms.of(call, visitor)
        val name = shown(browserName(visitor.session.browser))
        val added = site().passkeyPlace?.let { passkeys.add(it, visitor.signedIn, fields.credential, fields.ticket, name) }
        if (added == null) show(call, NOT_ADDED) else pages.goTo(call, "/passkeys")
    }

    private suspend fun rename(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        val name = forms.of(call, visitor)["name"].orEmpty().trim()
        if (name.isEmpty() || name.length > Passkey.LONGEST_NAME || '\u0000' in name) {
            return show(call, "A name has 1 to ${Passkey.LONGEST_NAME} characters. Nothing was changed.")
        }
        passkeys.rename(call.parameters["id"].orEmpty(), visitor.approver.id, name)
        pages.goTo(call, "/passkeys")
    }

    private suspend fun remove(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        forms.of(call, visitor)
        if (!passkeys.mayChange(visitor.signedIn)) return show(call, ANEW)
        passkeys.remove(call.parameters["id"].orEmpty(), visitor.signedIn)
        pages.goTo(call, "/passkeys")
    }

    private companion object {
        const val ANEW = "Sign in anew first: this session began more than 15 minutes ago. Nothing was changed."
        const val NOT_ADDED = "The passkey wasn't added: it took too long, is known here already, didn't check that it is you, " +
            "or you have ${Passkey.MOST}. Try again."
    }
}
