package dev.sesame.broker.inbox.admin

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Enrol
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.store.AccessStore
import io.ktor.server.routing.Route

/** Ending an approver's access, once it was said what that ends. */
internal class RevokeApproverPage(
    private val counter: Counter,
    private val access: AccessStore,
    private val sessions: Sessions,
    private val enrol: Enrol,
) {
    fun install(route: Route) {
        counter.page(route, PATH) { visit -> approver(visit)?.let { visit.ask(confirm(visit, it)) } }
        counter.form(route, PATH) { visit, _ -> approver(visit)?.let { revoke(visit, it) } }
    }

    private suspend fun approver(visit: Visit): Approver? =
        visit.idThat(Ids::isApprover)?.let { access.approver(it) } ?: null.also { visit.absent("approver") }

    private suspend fun confirm(visit: Visit, approver: Approver): Confirm {
        val active = sessions.list(approver.id).size
        val owned = access.requesters().filter { it.ownerId == approver.id }.map { it.name }
        return Confirm(
            "End the access of ${approver.name}?",
            "End their access",
            "/admin/approvers/${approver.id}/revoke",
            "/admin/approvers/${approver.id}",
            listOfNotNull(
                "This is you: you are signed out at once.".takeIf { approver.id == visit.visitor.approver.id },
                "They can't answer any more, from this moment on: not here, not by a channel, not with a token. Active sessions: $active.",
                "What they answered before stands, with their name.",
                owned.take(MOST_NAMED).joinToString().ifEmpty { null }?.let { "They stand behind: $it. These go on asking." },
                "It can't be undone: their name stays taken, and they would come back as somebody new.",
            ),
        )
    }

    private suspend fun revoke(visit: Visit, approver: Approver) = orSay(visit, { confirm(visit, approver) }) {
        enrol.revokeApprover(approver.id)
        sessions.endAll(approver.id)
        visit.goTo("/admin/approvers/${approver.id}", Done.APPROVER_REVOKED)
    }

    private companion object {
        const val PATH = "/admin/approvers/{id}/revoke"
        const val MOST_NAMED = 10
    }
}
