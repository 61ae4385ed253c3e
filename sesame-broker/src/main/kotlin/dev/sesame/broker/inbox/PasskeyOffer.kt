package dev.sesame.broker.inbox

import dev.sesame.broker.access.Site
import io.ktor.http.HttpMethod
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.httpMethod
import io.ktor.server.request.path
import kotlinx.html.FORM
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.InputType
import kotlinx.html.a
import kotlinx.html.code
import kotlinx.html.form
import kotlinx.html.h2
import kotlinx.html.input
import kotlinx.html.noScript
import kotlinx.html.p
import kotlinx.html.section

/** What a visitor who isn't signed in may do with a passkey, for the page that [call] asked for: it is shown once they are. */
internal class PasskeyOffer(private val site: Site, call: ApplicationCall) {
    private val reach = site.passkeyReach(call)
    private val path = call.request.path().takeIf { call.request.httpMethod == HttpMethod.Get && it.matches(OWN_PAGE) } ?: HOME

    val scripts: List<Asset> get() = if (reach == PasskeyReach.HERE) listOf(Assets.PASSKEYS) else emptyList()

    fun show(content: FlowContent) = content.section("sheet narrow") {
        h2 { +"Or with a passkey" }
        when (reach) {
            PasskeyReach.HERE -> signInForm(site, path)
            else -> unreachable(reach, site, path)
        }
    }

    companion object {
        const val HOME = "/inbox"

        /** What a sign-in may lead to; nothing of it can name another host. */
        val OWN_PAGE = Regex("(/[a-z0-9_]{1,40}){1,3}")
    }
}

/** Whether passkeys work where the visitor is. */
internal enum class PasskeyReach { HERE, BY_NAME, NOWHERE }

internal fun Site.passkeyReach(call: ApplicationCall): PasskeyReach = when {
    passkeyPlace == null -> PasskeyReach.NOWHERE
    isNamed(call.request.headers["Host"]) -> PasskeyReach.HERE
    else -> PasskeyReach.BY_NAME
}

/** Why there is no button, and what helps. */
internal fun FlowContent.unreachable(reach: PasskeyReach, site: Site, path: String) {
    if (reach == PasskeyReach.NOWHERE) {
        p { +"Passkeys don't work here: browsers want this broker to have a name, and https. Who runs it sets such an address as " }
        p { code { +"SESAME_PUBLIC_URL" } }
    } else {
        val origin = site.passkeyPlace?.origin.orEmpty()
        p { +"Browsers take passkeys by name alone. To use one, open this broker here:" }
        a(href = origin + site.path(path), classes = "plain") { +origin }
    }
}

/** The button that signs in, and then shows [next]. */
internal fun FlowContent.signInForm(site: Site, next: String) {
    passkeyForm(site.path("/sign-in/passkey"), "get", "Sign in with a passkey") {
        input(type = InputType.hidden, name = "next") { value = next }
    }
}

/** A form that a passkey's answer is sent with. Its button does nothing without script, so the script brings it to light. */
internal fun FlowContent.passkeyForm(path: String, does: String, button: String, fields: FORM.() -> Unit) {
    form(action = path, method = FormMethod.post, classes = "passkey") {
        attributes["data-passkey"] = does
        attributes["data-options"] = "$path/options"
        fields()
        passkeyFields()
        scriptButton(button)
    }
    noScript { p("quiet") { +"This takes script, which this browser has switched off." } }
}
