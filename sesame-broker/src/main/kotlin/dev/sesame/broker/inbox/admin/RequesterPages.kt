package dev.sesame.broker.inbox.admin

import dev.sesame.Mode
import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Enrol
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Requester
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.Position
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.HttpStatusCode
import io.ktor.server.routing.Route
import kotlinx.html.FlowContent
import kotlinx.html.a
import kotlinx.html.h1

/** The programs that may ask: all of them, and a form for another one. */
internal class RequesterPages(
    private val counter: Counter,
    private val access: AccessStore,
    private val enrol: Enrol,
    private val ids: Ids,
) {
    fun install(route: Route) {
        counter.page(route, "/admin") { it.goTo(Part.REQUESTERS.path) }
        counter.page(route, Part.REQUESTERS.path) { list(it, Typed()) }
        counter.form(route, Part.REQUESTERS.path, ::add)
    }

    private suspend fun list(visit: Visit, typed: Typed, status: HttpStatusCode = HttpStatusCode.OK) {
        val slice = visit.slice(access.requesters(), Ids::isRequester) { Position(it.createdAt, it.id) }
        val keys = access.keys().filter { it.revokedAt == null }.groupBy { it.requesterId }
        val owners = access.approvers().associate { it.id to it.name }
        visit.show(Part.REQUESTERS.title, status) {
            h1 { +Part.REQUESTERS.title }
            table(visit, slice, keys, owners)
            more(visit, slice, Part.REQUESTERS.path)
            sheetForm(visit, "Add a requester", Part.REQUESTERS.path, "Add requester") {
                hiddenField("id", ids.requester())
                textField("name", "Name", typed, "What people see as who asks, such as billing. At most ${Enrol.LONGEST_NAME} characters.")
            }
        }
    }

    private fun FlowContent.table(visit: Visit, slice: Slice<Requester>, keys: Map<String, List<ApiKey>>, owners: Map<String, String>) =
        cards(
            "Requesters",
            slice.rows,
            "No program can ask yet. Add one below.",
            Column("Name") { a(href = visit.path("/admin/requesters/${it.id}"), classes = "open") { visible(it.name) } },
            Column("Owner") { requester -> requester.ownerId?.let { visible(owners[it].orEmpty()) } ?: +"nobody" },
            Column("Live keys") { +"${keys.count(it, Mode.LIVE)}" },
            Column("Test keys") { +"${keys.count(it, Mode.TEST)}" },
        )

    private fun Map<String, List<ApiKey>>.count(requester: Requester, mode: Mode): Int = get(requester.id).orEmpty().count {
        it.mode == mode
    }

    private suspend fun add(visit: Visit, filled: Filled) {
        val id = filled["id"].takeIf(Ids::isRequester) ?: ids.requester()
        try {
            enrol.requester(filled.fields("name"), id)
        } catch (problem: Problem) {
            val isSame = problem.code == ProblemCode.NAME_TAKEN && access.requesterNamed(filled["name"])?.id == id // a second tap
            if (!isSame) return list(visit, filled.again(problem, "name"), HttpStatusCode.UnprocessableEntity)
        }
        visit.goTo("/admin/requesters/$id", Done.REQUESTER_ADDED)
    }
}
