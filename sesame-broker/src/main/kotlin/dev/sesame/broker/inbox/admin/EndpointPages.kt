package dev.sesame.broker.inbox.admin

import dev.sesame.broker.access.Ids
import dev.sesame.broker.delivery.AdmitEndpoint
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.Endpoint
import dev.sesame.broker.delivery.MadeEndpoint
import dev.sesame.broker.inbox.moment
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.DeliveryQuery
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.broker.store.EndpointStore
import dev.sesame.broker.store.Position
import dev.sesame.broker.text.shown
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.HttpStatusCode
import io.ktor.server.routing.Route
import kotlinx.html.FORM
import kotlinx.html.FlowContent
import kotlinx.html.InputType
import kotlinx.html.a
import kotlinx.html.h1
import kotlinx.html.p
import kotlinx.html.span

/** The addresses to which decisions go: all of them, or one requester's, and a form for another one. */
internal class EndpointPages(
    private val counter: Counter,
    private val access: AccessStore,
    private val endpoints: EndpointStore,
    private val deliveries: DeliveryStore,
    private val admit: AdmitEndpoint,
) {
    fun install(route: Route) {
        counter.page(route, Part.ENDPOINTS.path) { list(it, Typed()) }
        counter.form(route, Part.ENDPOINTS.path, ::add)
    }

    private suspend fun list(visit: Visit, typed: Typed, status: HttpStatusCode = HttpStatusCode.OK) {
        val requesters = access.requesters()
        val only = requesters.firstOrNull { it.id == visit.asked("requester") }
        val slice = Slice.of(endpoints.endpoints(only?.id, visit.after(Ids::isEndpoint), Slice.MOST + 1)) { Position(it.createdAt, it.id) }
        val last = slice.rows.associate { it.id to deliveries.deliveries(DeliveryQuery(endpointId = it.id, limit = 1)).firstOrNull() }
        visit.show(Part.ENDPOINTS.title, status) {
            h1 { +Part.ENDPOINTS.title }
            p("quiet") {
                +"Each gets every decision of its requester, as a signed webhook."
                only?.let {
                    +" Only those of "
                    visible(it.name)
                    +"."
                }
            }
            table(visit, slice, requesters.associate { it.id to it.name }, last)
            more(visit, slice, Part.ENDPOINTS.path, "requester" to only?.id.orEmpty())
            sheetForm(visit, "Add an endpoint", Part.ENDPOINTS.path, "Add endpoint") {
                requesterField(typed, requesters.map { it.name }, only?.name)
                textField("url", "URL", typed, "Where they are sent, such as https://billing.example.com/decisions.", InputType.url)
            }
        }
    }

    private fun FORM.requesterField(typed: Typed, names: List<String>, chosen: String?) {
        if (names.size > MOST_CHOICES) return textField("requester", "Requester", typed, "The name of whose decisions it gets.")
        choiceField("requester", "Requester", typed, "Whose decisions it gets.", names.map { it to it }, chosen)
    }

    private fun FlowContent.table(visit: Visit, slice: Slice<Endpoint>, names: Map<String, String>, last: Map<String, Delivery?>) = cards(
        "Endpoints",
        slice.rows,
        "There is none yet.",
        Column("URL") { a(href = visit.path("/admin/endpoints/${it.id}"), classes = "open") { visible(it.url) } },
        Column("Requester") { visible(names[it.requesterId].orEmpty()) },
        Column("State") { state(it) },
        Column("Last result") { endpoint ->
            val delivery = last[endpoint.id]
            if (delivery == null) {
                +"nothing sent yet"
            } else {
                state(delivery.state)
                +" "
                moment(delivery.endedAt ?: delivery.createdAt)
            }
        },
    )

    private suspend fun add(visit: Visit, filled: Filled) = try {
        val (made, requester) = admit.add(filled.fields("requester", "url"))
        visit.secretOf(made, "New endpoint", "Its secret proves to the receiver that a webhook is ours. It is of ${shown(requester.name)}.")
    } catch (problem: Problem) {
        list(
            visit,
            filled.again(
                problem,
                if (problem.code ==
                    ProblemCode.NAME_TAKEN
                ) {
                    "url"
                } else {
                    "requester"
                },
            ),
            HttpStatusCode.UnprocessableEntity,
        )
    }

    private companion object {
        /** Nobody finds a name among more. */
        const val MOST_CHOICES = 200
    }
}

/** Shows the secret that was made just now. */
internal suspend fun Visit.secretOf(made: MadeEndpoint, heading: String, what: String) = show(heading) {
    shownOnce(this@secretOf, heading, made.secret.reveal(), what, "/admin/endpoints/${made.endpoint.id}") {
        p("quiet") { visible(made.endpoint.url) }
    }
}

internal fun FlowContent.state(endpoint: Endpoint) {
    when {
        !endpoint.isEnabled -> span("badge off") { +"off" }
        endpoint.failingSince != null -> span("badge bad") { +"failing" }
        else -> span("badge on") { +"on" }
    }
}
