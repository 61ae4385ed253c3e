package dev.sesame.broker.inbox.admin

import dev.sesame.broker.access.Ids
import dev.sesame.broker.delivery.AdmitEndpoint
import dev.sesame.broker.delivery.Endpoint
import dev.sesame.broker.delivery.EndpointRegister
import dev.sesame.broker.inbox.Forms
import dev.sesame.broker.inbox.buttonForm
import dev.sesame.broker.inbox.moment
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.EndpointStore
import dev.sesame.rules.Problem
import io.ktor.http.HttpStatusCode
import io.ktor.server.routing.Route
import kotlinx.html.ButtonType
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.a
import kotlinx.html.button
import kotlinx.html.div
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.p
import kotlinx.html.section
import java.time.Instant
import java.time.InstantSource

/** One endpoint: how it stands, a new secret for it, and turning it off and on. */
internal class EndpointPage(
    private val counter: Counter,
    private val access: AccessStore,
    private val endpoints: EndpointStore,
    private val register: EndpointRegister,
    private val admit: AdmitEndpoint,
    private val clock: InstantSource,
) {
    fun install(route: Route) {
        val back = { id: String -> "/admin/endpoints/$id" }
        counter.page(route, "/admin/endpoints/{id}") { show(it) }
        counter.form(route, "/admin/endpoints/{id}/rotate", back, ::rotate)
        counter.form(route, "/admin/endpoints/{id}/disable", back) { visit, _ -> disable(visit) }
        counter.form(route, "/admin/endpoints/{id}/enable", back) { visit, _ -> enable(visit) }
    }

    private suspend fun show(visit: Visit, refused: String? = null) {
        val endpoint = find(visit) ?: return visit.absent("endpoint")
        val requester = access.requester(endpoint.requesterId)?.name.orEmpty()
        val now = clock.instant()
        visit.show("Endpoint", if (refused == null) HttpStatusCode.OK else HttpStatusCode.UnprocessableEntity) {
            p("crumb") { a(href = visit.path(Part.ENDPOINTS.path)) { +"All endpoints" } }
            h1 { visible(endpoint.url) }
            refused?.let {
                p("refused") {
                    attributes["role"] = "alert"
                    visible("$it. Nothing was changed.")
                }
            }
            standing(endpoint, requester)
            section("sheet") { sending(visit, endpoint) }
            section("sheet") { secret(visit, endpoint, now) }
            div("actions") {
                a(href = visit.path("/admin/deliveries?endpoint=${endpoint.id}"), classes = "plain") { +"Its deliveries" }
            }
        }
    }

    private fun FlowContent.standing(endpoint: Endpoint, requester: String) = p("quiet") {
        state(endpoint)
        +" Gets every decision of "
        visible(requester)
        +". Added "
        moment(endpoint.createdAt)
        endpoint.failingSince?.let {
            +". Every attempt has failed since "
            moment(it)
        }
        +"."
    }

    private fun FlowContent.sending(visit: Visit, endpoint: Endpoint) {
        h2 { +"Sending" }
        val offSince = endpoint.disabledAt
        if (offSince == null) {
            p { +"It is on. Turned off, it gets nothing of what is decided meanwhile; what waits for it now is held." }
            buttonForm(visit.path("/admin/endpoints/${endpoint.id}/disable"), visit.visitor, "Turn it off", "plain danger")
        } else {
            p {
                +"It is off since "
                moment(offSince)
                +": "
                visible(endpoint.disabledReason.orEmpty())
                +"."
            }
            buttonForm(visit.path("/admin/endpoints/${endpoint.id}/enable"), visit.visitor, "Turn it on")
        }
    }

    private fun FlowContent.secret(visit: Visit, endpoint: Endpoint, now: Instant) {
        h2 { +"Secret" }
        endpoint.previous?.until?.takeIf { it > now }?.let {
            p {
                +"It was replaced. The one before signs too until "
                moment(it)
                +"."
            }
        }
        p { +"A new one signs from then on. The one before it signs too for $HOURS hours, so that the receiver can change over." }
        form(action = visit.path("/admin/endpoints/${endpoint.id}/rotate"), method = FormMethod.post) {
            hiddenField(Forms.TOKEN, visit.visitor.formToken)
            hiddenField("seen", endpoint.secret.mark)
            button(type = ButtonType.submit, classes = "plain") { +"Make a new secret" }
        }
    }

    /** The form names the secret that it replaces: a second tap would push out the one before, which receivers still know. */
    private suspend fun rotate(visit: Visit, filled: Filled) {
        val endpoint = find(visit) ?: return visit.absent("endpoint")
        val made = register.rotate(endpoint.id, seen = filled["seen"])
            ?: return visit.goTo("/admin/endpoints/${endpoint.id}", Done.SECRET_NEWER)
        visit.secretOf(made, "New secret", "It signs from now on. The one before it signs too for $HOURS hours.")
    }

    private suspend fun disable(visit: Visit) {
        val endpoint = find(visit) ?: return visit.absent("endpoint")
        register.disable(endpoint.id, reason = null)
        visit.goTo("/admin/endpoints/${endpoint.id}", Done.TURNED_OFF)
    }

    private suspend fun enable(visit: Visit) {
        val endpoint = find(visit) ?: return visit.absent("endpoint")
        try {
            admit.enable(endpoint.id)
        } catch (problem: Problem) {
            return show(visit, problem.detail)
        }
        visit.goTo("/admin/endpoints/${endpoint.id}", Done.TURNED_ON)
    }

    private suspend fun find(visit: Visit): Endpoint? = visit.idThat(Ids::isEndpoint)?.let { endpoints.endpoint(it) }

    private companion object {
        val HOURS = EndpointRegister.OVERLAP.toHours()
    }
}
