package dev.sesame.broker.inbox.admin

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.inbox.buttonForm
import dev.sesame.broker.inbox.moment
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.notice.telegram.LinkTelegram
import dev.sesame.broker.notice.telegram.TelegramChannel
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.text.shown
import io.ktor.server.routing.Route
import kotlinx.html.FlowContent
import kotlinx.html.a
import kotlinx.html.code
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.span

/** One approver: how they get in, how they are told, and ending each of it; [telegram] is `null` where no bot is set up. */
internal class ApproverPage(
    private val counter: Counter,
    private val access: AccessStore,
    private val sessions: Sessions,
    private val contacts: suspend () -> List<Contact>,
    private val links: SignInLinks,
    private val telegram: LinkTelegram?,
) {
    fun install(route: Route) {
        val back = { id: String -> "/admin/approvers/$id" }
        counter.page(route, "/admin/approvers/{id}", ::show)
        counter.form(route, "/admin/approvers/{id}/link", back) { visit, _ -> newLink(visit) }
        counter.form(route, "/admin/approvers/{id}/sign-out", back) { visit, _ -> signOut(visit) }
        counter.form(route, "/admin/approvers/{id}/telegram", back) { visit, _ -> telegramCode(visit) }
        counter.form(route, "/admin/approvers/{id}/telegram/unlink", back) { visit, _ -> unlink(visit) }
    }

    private suspend fun show(visit: Visit) {
        val approver = find(visit) ?: return visit.absent("approver")
        val active = sessions.list(approver.id).size
        val channels = contacts().filter { it.approverId == approver.id }.map { it.channel }.distinct()
        visit.show("Approver") {
            p("crumb") { a(href = visit.path(Part.APPROVERS.path)) { +"All approvers" } }
            h1 { visible(approver.name) }
            standing(approver)
            if (approver.revokedAt == null) {
                signingIn(visit, approver, active)
                if (telegram != null || channels.isNotEmpty()) told(visit, approver, channels)
                div("actions") {
                    a(href = visit.path("/admin/approvers/${approver.id}/revoke"), classes = "plain danger") { +"End their access" }
                }
            }
        }
    }

    private fun FlowContent.standing(approver: Approver) = p("quiet") {
        span("badge ${if (approver.revokedAt == null) "on" else "off"}") { +approver.role.name.lowercase() }
        +" Added "
        moment(approver.createdAt)
        approver.revokedAt?.let {
            +", access ended "
            moment(it)
        }
        +"."
    }

    private fun FlowContent.signingIn(visit: Visit, approver: Approver, active: Int) = section("sheet") {
        h2 { +"Signing in" }
        p { +"Active sessions: $active" }
        div("choices") {
            buttonForm(visit.path("/admin/approvers/${approver.id}/link"), visit.visitor, "New sign-in link")
            buttonForm(visit.path("/admin/approvers/${approver.id}/sign-out"), visit.visitor, "Sign out everywhere", "plain danger")
        }
    }

    private fun FlowContent.told(visit: Visit, approver: Approver, channels: List<String>) = section("sheet") {
        h2 { +"Notices" }
        p { +(if (channels.isEmpty()) "No channel reaches them." else "Told by ${channels.joinToString()}.") }
        if (telegram == null) return@section
        div("choices") {
            buttonForm(visit.path("/admin/approvers/${approver.id}/telegram"), visit.visitor, "New Telegram code")
            if (TelegramChannel.NAME in channels) {
                val path = visit.path("/admin/approvers/${approver.id}/telegram/unlink")
                buttonForm(path, visit.visitor, "Unlink Telegram", "plain danger")
            }
        }
    }

    private suspend fun newLink(visit: Visit) {
        val approver = find(visit) ?: return visit.absent("approver")
        links.show(visit, approver.id)
    }

    private suspend fun signOut(visit: Visit) {
        val approver = find(visit) ?: return visit.absent("approver")
        sessions.endAll(approver.id)
        visit.goTo("/admin/approvers/${approver.id}", Done.SIGNED_OUT)
    }

    private suspend fun telegramCode(visit: Visit) {
        val approver = find(visit) ?: return visit.absent("approver")
        val made = telegram?.newCode(approver.id) ?: return visit.absent("active approver")
        visit.show("Telegram code") {
            val what = "Whoever sends it to the bot is told of requests, and answers them, as ${shown(approver.name)}."
            shownOnce(visit, "Telegram code", "/start ${made.clear}", what, "/admin/approvers/${approver.id}") {
                telegram.botName?.let { bot ->
                    p {
                        +"The bot is "
                        code { visible("@$bot") }
                        +"."
                    }
                }
                p("quiet") {
                    +"It works once, until "
                    moment(made.expiresAt)
                    +". A newer one takes its place."
                }
            }
        }
    }

    private suspend fun unlink(visit: Visit) {
        val approver = find(visit) ?: return visit.absent("approver")
        if (telegram?.unlink(approver.id) != true) return visit.absent("linked account")
        visit.goTo("/admin/approvers/${approver.id}", Done.UNLINKED)
    }

    private suspend fun find(visit: Visit): Approver? = visit.idThat(Ids::isApprover)?.let { access.approver(it) }
}
