package dev.sesame.broker.inbox

import dev.sesame.broker.approval.NoLongerActive
import dev.sesame.broker.notice.telegram.LinkCode
import dev.sesame.broker.notice.telegram.LinkTelegram
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import kotlinx.html.FlowContent
import kotlinx.html.a
import kotlinx.html.code
import kotlinx.html.h1
import kotlinx.html.p
import kotlinx.html.section

/** Where an approver links their own Telegram account, and unlinks it; [link] is `null` where no bot is set up. */
internal class TelegramPage(
    private val pages: Pages,
    private val forms: Forms,
    private val visitors: Visitors,
    private val link: LinkTelegram?,
) {
    fun install(route: Route) {
        route.getPage(pages, PATH) { call -> withBot(call) { visitor, link -> show(call, visitor, link.isLinked(visitor.approver.id)) } }
        route.postPage(pages, "$PATH/code") { call -> withBot(call) { visitor, link -> makeCode(call, visitor, link) } }
        route.postPage(pages, "$PATH/unlink") { call -> withBot(call) { visitor, link -> unlink(call, visitor, link) } }
    }

    private suspend fun withBot(call: ApplicationCall, act: suspend (Visitor, LinkTelegram) -> Unit) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        act(visitor, link ?: return pages.show(call, noBot(visitor)))
    }

    private fun noBot(visitor: Visitor) = Page("No Telegram here", HttpStatusCode.NotFound, visitor) {
        nothing("No Telegram here", "This broker has no Telegram bot. Who runs it can set one up.")
    }

    private suspend fun show(call: ApplicationCall, visitor: Visitor, isLinked: Boolean) =
        pages.show(call, Page("Telegram", visitor = visitor) { standing(visitor, isLinked) })

    private fun FlowContent.standing(visitor: Visitor, isLinked: Boolean) {
        section("sheet narrow") {
            h1 { +"Telegram" }
            if (isLinked) {
                p { +"Your Telegram account is linked: the bot asks you there, and you can answer there." }
                p { +"A new code links another account in its place." }
            } else {
                p { +"No account is linked. Once one is, the bot asks you in Telegram, and you can answer there." }
            }
            buttonForm(pages.path("$PATH/code"), visitor, if (isLinked) "Make a new code" else "Make a code", "main")
            if (isLinked) buttonForm(pages.path("$PATH/unlink"), visitor, "Unlink this account", "plain danger wide")
            back()
        }
    }

    /** The answer to the form itself: the code is on no page that can be loaded again. */
    private suspend fun makeCode(call: ApplicationCall, visitor: Visitor, link: LinkTelegram) {
        forms.of(call, visitor)
        val code = link.newCode(visitor.approver.id) ?: throw NoLongerActive()
        pages.show(call, Page("Your Telegram code", visitor = visitor) { code(code) })
    }

    private fun FlowContent.code(made: LinkCode) {
        section("sheet narrow") {
            h1 { +"Your Telegram code" }
            p { +"It links the account that sends it to the bot, once, within ten minutes. It is shown only now; a new code ends it." }
            made.url?.let { url ->
                a(href = url, classes = "plain") {
                    attributes["rel"] = "noreferrer"
                    +"Open the bot in Telegram"
                }
                p { +"There press Start. Or send the bot this yourself:" }
            } ?: p { +"Send this to the bot of this broker:" }
            p { code { +"/start ${made.clear}" } }
            p { +"Give it to nobody: whoever sends it could answer in your name." }
            a(href = pages.path(PATH), classes = "plain") { +"I have sent it" }
        }
    }

    private fun FlowContent.back() = p("crumb") { a(href = pages.path("/sessions")) { +"Your sessions" } }

    private suspend fun unlink(call: ApplicationCall, visitor: Visitor, link: LinkTelegram) {
        forms.of(call, visitor)
        link.unlink(visitor.approver.id)
        pages.goTo(call, PATH)
    }

    companion object {
        const val PATH = "/telegram"
    }
}
