package dev.sesame.broker.inbox.admin

import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.Site
import dev.sesame.broker.inbox.moment
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.text.shown
import kotlinx.html.p

/** Makes sign-in links and shows them. Each takes the place of the one before, so that the one that is seen is the one that works. */
internal class SignInLinks(private val access: AccessStore, private val sessions: Sessions, private val site: () -> Site) {
    suspend fun show(visit: Visit, approverId: String) {
        val name = access.approver(approverId)?.name.orEmpty()
        val (link, secret) = sessions.link(approverId) ?: return visit.absent("active approver")
        visit.show("Sign-in link") {
            val what = "Who opens it is signed in as ${shown(name)}. Send it to them alone, or open it on their device. Don't open it here."
            shownOnce(visit, "Sign-in link", site().signInUrl(secret), what, "/admin/approvers/$approverId") {
                p("quiet") {
                    +"It works once, until "
                    moment(link.expiresAt)
                    +". A newer one takes its place."
                }
            }
        }
    }
}
