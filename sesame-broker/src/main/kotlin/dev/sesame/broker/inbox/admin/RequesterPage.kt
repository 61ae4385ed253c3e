package dev.sesame.broker.inbox.admin

import dev.sesame.Mode
import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Enrol
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.MadeKey
import dev.sesame.broker.access.Requester
import dev.sesame.broker.inbox.moment
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Position
import dev.sesame.broker.text.shown
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.HttpStatusCode
import io.ktor.server.routing.Route
import kotlinx.html.FlowContent
import kotlinx.html.a
import kotlinx.html.code
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.p
import kotlinx.html.span
import java.time.Instant

/** One requester: its keys, and making another one. */
internal class RequesterPage(
    private val counter: Counter,
    private val access: AccessStore,
    private val approvals: ApprovalStore,
    private val enrol: Enrol,
    private val ids: Ids,
) {
    fun install(route: Route) {
        counter.page(route, "/admin/requesters/{id}") { show(it, Typed()) }
        counter.form(route, "/admin/requesters/{id}/keys", back = { "/admin/requesters/$it" }, ::makeKey)
    }

    private suspend fun show(visit: Visit, typed: Typed, status: HttpStatusCode = HttpStatusCode.OK) {
        val requester = visit.idThat(Ids::isRequester)?.let { access.requester(it) } ?: return visit.absent("requester")
        val keys = access.keys().filter { it.requesterId == requester.id }.sortedBy { it.revokedAt != null }
        val slice = visit.slice(keys, Ids::isKey) { Position(it.createdAt, it.id) }
        val asked = listOf(Mode.LIVE, Mode.TEST).associateWith { lastAsked(requester.id, it) }
        visit.show("Requester", status) {
            p("crumb") { a(href = visit.path(Part.REQUESTERS.path)) { +"All requesters" } }
            h1 { visible(requester.name) }
            p("quiet") { lastAsked(asked) }
            h2("above") { +"Keys" }
            table(visit, slice)
            more(visit, slice, "/admin/requesters/${requester.id}")
            sheetForm(visit, "Make a key", "/admin/requesters/${requester.id}/keys", "Make key") {
                hiddenField("id", ids.key())
                choiceField("mode", "Mode", typed, MODES, listOf("live" to "live", "test" to "test"))
            }
            links(visit, requester, keys)
        }
    }

    private fun FlowContent.table(visit: Visit, slice: Slice<ApiKey>) = cards(
        "Keys",
        slice.rows,
        "It has no key, so it can't ask.",
        Column("Key") { code { +"…${it.lastFour}" } },
        Column("Mode") { +it.mode.value },
        Column("Made") { moment(it.createdAt) },
        Column("State") { key ->
            key.revokedAt?.let {
                span("badge off") { +"revoked" }
                +" "
                moment(it)
            } ?: span("badge on") { +"active" }
        },
        Column("Action") { key ->
            if (key.revokedAt == null) {
                a(href = visit.path("/admin/keys/${key.id}/revoke"), classes = "plain danger") {
                    attributes["aria-label"] = "Revoke the key that ends in ${key.lastFour}"
                    +"Revoke"
                }
            } else {
                +"none"
            }
        },
    )

    private fun FlowContent.links(visit: Visit, requester: Requester, keys: List<ApiKey>) = div("actions") {
        a(href = visit.path("/admin/endpoints?requester=${requester.id}"), classes = "plain") { +"Its endpoints" }
        a(href = visit.path("/admin/deliveries?requester=${requester.id}"), classes = "plain") { +"Its deliveries" }
        if (keys.any { it.revokedAt == null }) {
            a(href = visit.path("/admin/requesters/${requester.id}/revoke"), classes = "plain danger") { +"Revoke all its keys" }
        }
    }

    private fun FlowContent.lastAsked(asked: Map<Mode, Instant?>) = asked.entries.forEachIndexed { index, (mode, at) ->
        +(if (index == 0) "Asked last with a ${mode.value} key: " else ", with a ${mode.value} key: ")
        if (at == null) +"never" else moment(at)
    }

    private suspend fun lastAsked(requesterId: String, mode: Mode): Instant? =
        approvals.list(ApprovalQuery(requesterId, mode, limit = 1)).firstOrNull()?.question?.createdAt

    private suspend fun makeKey(visit: Visit, filled: Filled) {
        val requester = visit.idThat(Ids::isRequester)?.let { access.requester(it) } ?: return visit.absent("requester")
        val made = try {
            enrol.key(filled.fields("mode", besides = "requester" to requester.name), filled["id"].takeIf(Ids::isKey) ?: ids.key())
        } catch (problem: Problem) {
            if (problem.code == ProblemCode.NAME_TAKEN) return shownBefore(visit)
            return show(visit, filled.again(problem, "mode"), HttpStatusCode.UnprocessableEntity)
        }
        visit.show("New key") { made(visit, made) }
    }

    private fun FlowContent.made(visit: Visit, made: MadeKey) {
        val what = "The ${made.key.mode.value} key of ${shown(made.requester)}. Who has it can ask in that name."
        shownOnce(visit, "New key", made.secret.clear, what, "/admin/requesters/${made.key.requesterId}") {
            p("quiet") {
                +"The program takes it as "
                code { +"SESAME_API_KEY" }
                +"."
            }
        }
    }

    /** The same form came twice: by a second tap, or because its answer was loaded anew. */
    private suspend fun shownBefore(visit: Visit) = visit.show("New key", HttpStatusCode.Conflict) {
        h1 { +"This key was made already" }
        p { +"Its text stood in the first answer, and nowhere since. If you didn't keep it, revoke the newest key and make another one." }
        a(href = visit.path("/admin/requesters/${visit.id}"), classes = "plain more") { +"Its keys" }
    }

    private companion object {
        const val MODES = "A live key asks people. A test key brings its answer along, and reaches nobody."
    }
}
