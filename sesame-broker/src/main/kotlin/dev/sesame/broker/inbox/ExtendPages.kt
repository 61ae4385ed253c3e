package dev.sesame.broker.inbox

import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.ExtendExpiry
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import java.time.DateTimeException
import java.time.Instant
import java.time.temporal.ChronoUnit

/** Gives a request more time, for whoever may decide it, and for admins. */
internal class ExtendPages(private val pages: Pages, private val show: ShowRequest, private val extend: ExtendExpiry) {
    fun install(route: Route) {
        route.postPage(pages, "/approvals/{id}/extend", ::extend)
    }

    private suspend fun extend(call: ApplicationCall) {
        val sent = show.sent(call) ?: return
        val until = instant(sent.fields["until"].orEmpty())
            ?: return show.show(call, Returned(time = "Choose how much more time there shall be. Nothing was changed."))
        val verdict = extend.extendTo(sent.record.id, sent.visitor.approver, until, sent.visitor.caller::mayRead)
        val wrong = verdict?.fields.orEmpty()
        if (wrong.isEmpty()) return show.goTo(call, sent.record)
        show.show(call, Returned(time = wrong.joinToString(" ") { "The time ${it.message}." } + " Nothing was changed."))
    }

    private fun instant(text: String): Instant? = try {
        Instant.parse(text.take(LONGEST)).truncatedTo(ChronoUnit.MILLIS)
    } catch (_: DateTimeException) {
        null
    }

    private companion object {
        const val LONGEST = 40
    }
}
