package dev.sesame.broker.inbox.admin

import dev.sesame.broker.access.Ids
import dev.sesame.broker.delivery.Attempt
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.broker.delivery.Redeliver
import dev.sesame.broker.inbox.Forms
import dev.sesame.broker.inbox.long
import dev.sesame.broker.inbox.moment
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.DeliveryStore
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

/** One delivery with its attempts, and sending it again once it has ended. */
internal class DeliveryPage(
    private val counter: Counter,
    private val access: AccessStore,
    private val deliveries: DeliveryStore,
    private val redeliver: Redeliver,
) {
    fun install(route: Route) {
        counter.page(route, "/admin/deliveries/{id}", ::show)
        counter.form(route, "/admin/deliveries/{id}/redeliver", back = { "/admin/deliveries/$it" }, ::again)
    }

    private suspend fun show(visit: Visit) {
        val delivery = find(visit) ?: return visit.absent("delivery")
        val attempts = deliveries.attempts(delivery.id, MOST_SHOWN).reversed()
        val requester = access.requester(delivery.requesterId)?.name.orEmpty()
        visit.show("Delivery") {
            p("crumb") { a(href = visit.path(Part.DELIVERIES.path)) { +"All deliveries" } }
            h1 { visible(delivery.url) }
            standing(delivery, requester)
            if (delivery.hasEnded) div("actions") { redeliver(visit, delivery) }
            h2("above") { +"Attempts" }
            table(attempts)
            if (delivery.attempts > attempts.size) p("quiet") { +"The newest $MOST_SHOWN of ${delivery.attempts}." }
            div("actions") {
                a(href = visit.path("/approvals/${delivery.approvalId}"), classes = "plain") { +"Its request" }
                delivery.endpointId?.let { a(href = visit.path("/admin/endpoints/$it"), classes = "plain") { +"Its endpoint" } }
            }
        }
    }

    private fun FlowContent.standing(delivery: Delivery, requester: String) = p("quiet") {
        state(delivery.state)
        +" A decision for "
        visible(requester)
        +", owed since "
        moment(delivery.createdAt)
        delivery.nextAt?.let {
            +(if (delivery.state == DeliveryState.HELD) ". It waits until its endpoint is turned on" else ". It is tried next ")
            if (delivery.state != DeliveryState.HELD) moment(it)
        }
        +"."
    }

    private fun FlowContent.table(attempts: List<Attempt>) = cards(
        "Attempts",
        attempts,
        "It was not tried yet.",
        Column("When") { moment(it.at) },
        Column("Status") { +(it.status?.toString() ?: "no answer") },
        Column("Took") { +"${it.durationMillis} ms" },
        Column("Why, or what was answered") { attempt ->
            attempt.failure?.let { p { visible(it) } }
            if (attempt.answer.isNotEmpty()) long(attempt.answer, "theirs-said")
            if (attempt.failure == null && attempt.answer.isEmpty()) +"an empty answer"
        },
    )

    private suspend fun again(visit: Visit, filled: Filled) {
        val delivery = find(visit) ?: return visit.absent("delivery")
        val isDue = redeliver.ended(delivery.id, seen = filled["attempts"].toIntOrNull() ?: -1)
        visit.goTo("/admin/deliveries/${delivery.id}", if (isDue) Done.DUE_AGAIN else Done.NOT_ENDED)
    }

    private suspend fun find(visit: Visit): Delivery? = visit.idThat(Ids::isDelivery)?.let { deliveries.delivery(it) }

    private companion object {
        /** The newest; there are more only where it was sent again many times. */
        const val MOST_SHOWN = 100
    }
}

/** The form says how many attempts its person saw: a second tap, after those, sends nothing again. */
internal fun FlowContent.redeliver(visit: Visit, delivery: Delivery, name: String? = null) =
    form(action = visit.path("/admin/deliveries/${delivery.id}/redeliver"), method = FormMethod.post) {
        hiddenField(Forms.TOKEN, visit.visitor.formToken)
        hiddenField("attempts", "${delivery.attempts}")
        button(type = ButtonType.submit, classes = "plain") {
            name?.let { attributes["aria-label"] = it }
            +"Send again"
        }
    }
