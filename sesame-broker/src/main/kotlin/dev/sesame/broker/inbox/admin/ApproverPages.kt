package dev.sesame.broker.inbox.admin

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Enrol
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.Position
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.HttpStatusCode
import io.ktor.server.routing.Route
import kotlinx.html.FlowContent
import kotlinx.html.a
import kotlinx.html.h1
import kotlinx.html.span

/** The people who may answer: all of them, and a form for another one. */
internal class ApproverPages(
    private val counter: Counter,
    private val access: AccessStore,
    private val sessions: Sessions,
    private val contacts: suspend () -> List<Contact>,
    private val enrol: Enrol,
    private val links: SignInLinks,
    private val ids: Ids,
) {
    fun install(route: Route) {
        counter.page(route, Part.APPROVERS.path) { list(it, Typed()) }
        counter.form(route, Part.APPROVERS.path, ::add)
    }

    private suspend fun list(visit: Visit, typed: Typed, status: HttpStatusCode = HttpStatusCode.OK) {
        val all = access.approvers().sortedBy { it.revokedAt != null }
        val slice = visit.slice(all, Ids::isApprover) { Position(it.createdAt, it.id) }
        val active = sessions.list().groupingBy { it.approverId }.eachCount()
        val channels = contacts().groupBy({ it.approverId }) { it.channel }
        visit.show(Part.APPROVERS.title, status) {
            h1 { +Part.APPROVERS.title }
            table(visit, slice, active, channels)
            more(visit, slice, Part.APPROVERS.path)
            sheetForm(visit, "Add an approver", Part.APPROVERS.path, "Add approver") {
                hiddenField("id", ids.approver())
                textField("name", "Name", typed, "As others see who answered. At most ${Enrol.LONGEST_NAME} characters.")
                choiceField("role", "Role", typed, ROLES, listOf("approver" to "approver", "admin" to "admin"))
            }
        }
    }

    private fun FlowContent.table(visit: Visit, slice: Slice<Approver>, active: Map<String, Int>, channels: Map<String, List<String>>) =
        cards(
            "Approvers",
            slice.rows,
            "Nobody can answer yet.",
            Column("Name") { a(href = visit.path("/admin/approvers/${it.id}"), classes = "open") { visible(it.name) } },
            Column("Role") { approver ->
                +approver.role.name.lowercase()
                if (approver.revokedAt != null) {
                    +" "
                    span("badge off") { +"removed" }
                }
            },
            Column("Active sessions") { +"${active[it.id] ?: 0}" },
            Column("Told by") { +channels[it.id].orEmpty().distinct().joinToString().ifEmpty { "no channel" } },
        )

    private suspend fun add(visit: Visit, filled: Filled) {
        val id = filled["id"].takeIf(Ids::isApprover) ?: ids.approver()
        try {
            enrol.approver(filled.fields("name", "role"), id)
        } catch (problem: Problem) {
            val isSame = problem.code == ProblemCode.NAME_TAKEN && access.approver(id)?.name == filled["name"] // a second tap
            if (!isSame) return list(visit, filled.again(problem, "name"), HttpStatusCode.UnprocessableEntity)
        }
        links.show(visit, id)
    }

    private companion object {
        const val ROLES = "Approvers answer requests. Admins do that too, and see these pages."
    }
}
