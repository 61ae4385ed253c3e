package dev.sesame.broker.inbox.admin

import dev.sesame.broker.access.Ids
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.broker.delivery.Endpoint
import dev.sesame.broker.inbox.moment
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.DeliveryQuery
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.broker.store.EndpointStore
import dev.sesame.broker.store.Position
import dev.sesame.broker.text.shown
import io.ktor.server.routing.Route
import kotlinx.html.ButtonType
import kotlinx.html.DIV
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.a
import kotlinx.html.button
import kotlinx.html.div
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.label
import kotlinx.html.option
import kotlinx.html.select
import kotlinx.html.span

/** What became of webhooks, the newest first, narrowed by state and endpoint. */
internal class DeliveryPages(
    private val counter: Counter,
    private val access: AccessStore,
    private val endpoints: EndpointStore,
    private val deliveries: DeliveryStore,
) {
    fun install(route: Route) = counter.page(route, Part.DELIVERIES.path, ::list)

    /** What its address says wrongly is as if it weren't said. */
    private suspend fun list(visit: Visit) {
        val state = DeliveryState.entries.firstOrNull { it.word == visit.asked("state") }
        val endpoint = visit.asked("endpoint").takeIf(Ids::isEndpoint)?.let { endpoints.endpoint(it) }
        val requester = visit.asked("requester").takeIf(Ids::isRequester)?.let { access.requester(it) }
        val query = DeliveryQuery(requester?.id, endpoint?.id, null, state, visit.after(Ids::isDelivery), Slice.MOST + 1)
        val slice = Slice.of(deliveries.deliveries(query)) { Position(it.createdAt, it.id) }
        val known = (endpoints.endpoints(requester?.id, null, MOST_CHOICES) + listOfNotNull(endpoint)).distinctBy { it.id }
        visit.show(Part.DELIVERIES.title) {
            h1 { +Part.DELIVERIES.title }
            narrowing(visit, state, endpoint, requester?.id, known)
            table(visit, slice)
            val narrowed = arrayOf(
                "state" to state?.word.orEmpty(),
                "endpoint" to endpoint?.id.orEmpty(),
                "requester" to requester?.id.orEmpty(),
            )
            more(visit, slice, Part.DELIVERIES.path, *narrowed)
        }
    }

    private fun FlowContent.narrowing(
        visit: Visit,
        state: DeliveryState?,
        endpoint: Endpoint?,
        requesterId: String?,
        known: List<Endpoint>,
    ) = form(action = visit.path(Part.DELIVERIES.path), method = FormMethod.get, classes = "narrowing") {
        requesterId?.let { hiddenField("requester", it) }
        div("fields") {
            choice("state", "State", listOf("" to "all") + DeliveryState.entries.map { it.word to it.word }, state?.word)
            val urls = known.map { it.id to shown(it.url).take(LONGEST_CHOICE) }
            choice("endpoint", "Endpoint", listOf("" to "all, and callback URLs") + urls, endpoint?.id)
        }
        button(type = ButtonType.submit, classes = "plain") { +"Show" }
    }

    private fun DIV.choice(field: String, title: String, choices: List<Pair<String, String>>, chosen: String?) = label {
        +title
        select {
            name = field
            choices.forEach { (word, text) ->
                option {
                    value = word
                    selected = word == chosen.orEmpty()
                    +text
                }
            }
        }
    }

    private fun FlowContent.table(visit: Visit, slice: Slice<Delivery>) = cards(
        "Deliveries",
        slice.rows,
        "There is none of that kind.",
        Column("To") { a(href = visit.path("/admin/deliveries/${it.id}"), classes = "open") { visible(it.url) } },
        Column("State") { state(it.state) },
        Column("Attempts") { +"${it.attempts}" },
        Column("Owed since") { moment(it.createdAt) },
        Column("Action") { delivery ->
            if (delivery.state ==
                DeliveryState.FAILED
            ) {
                redeliver(visit, delivery, "Send the one to ${shown(delivery.url)} again")
            } else {
                +"none"
            }
        },
    )

    private companion object {
        const val MOST_CHOICES = 100
        const val LONGEST_CHOICE = 80
    }
}

internal val DeliveryState.word: String get() = name.lowercase()

internal fun FlowContent.state(state: DeliveryState) {
    val looks = when (state) {
        DeliveryState.DELIVERED -> "on"
        DeliveryState.FAILED -> "bad"
        DeliveryState.PENDING -> "wait"
        DeliveryState.HELD -> "off"
    }
    span("badge $looks") { +state.word }
}
