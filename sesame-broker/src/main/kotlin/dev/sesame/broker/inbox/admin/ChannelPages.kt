package dev.sesame.broker.inbox.admin

import dev.sesame.broker.inbox.buttonForm
import dev.sesame.broker.inbox.fact
import dev.sesame.broker.inbox.moment
import dev.sesame.broker.inbox.visible
import dev.sesame.broker.notice.KnownChannel
import dev.sesame.broker.notice.TestChannels
import dev.sesame.broker.notice.Tested
import dev.sesame.broker.notice.Told
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.NoticeCount
import dev.sesame.broker.store.NoticeStore
import io.ktor.server.routing.Route
import kotlinx.html.FlowContent
import kotlinx.html.code
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.span
import java.time.Duration
import java.time.InstantSource

/** The ways to tell approvers: whether each is on, whom it reaches, how it does, and a test that really sends something. */
internal class ChannelPages(
    private val counter: Counter,
    private val access: AccessStore,
    private val notices: NoticeStore,
    private val channels: TestChannels,
    private val clock: InstantSource,
) {
    private class Seen(val channel: KnownChannel, val reached: Int, val count: NoticeCount, val last: Tested?)

    fun install(route: Route) {
        counter.page(route, Part.CHANNELS.path, ::list)
        counter.form(route, "/admin/channels/{id}/test", back = { Part.CHANNELS.path }) { visit, _ ->
            channels.test(visit.id, visit.visitor.approver.id) ?: return@form visit.absent("channel that is on")
            visit.goTo(Part.CHANNELS.path + "#${visit.id}")
        }
    }

    private suspend fun list(visit: Visit) {
        val reached = notices.contacts().groupBy({ it.channel }) { it.approverId }.mapValues { it.value.distinct().size }
        val people = access.approvers().count { it.revokedAt == null }
        val since = clock.instant() - DAY
        val all = channels.known.map { channel ->
            val count = notices.count(channel.name, since, MOST_COUNTED)
            Seen(channel, reached[channel.name] ?: 0, count, channels.lastOf(channel.name, visit.visitor.approver.id))
        }
        visit.show(Part.CHANNELS.title) {
            h1 { +Part.CHANNELS.title }
            p("quiet") { +"How approvers are told of requests, besides the inbox." }
            all.forEach { channel(visit, it, people) }
        }
    }

    private fun FlowContent.channel(visit: Visit, seen: Seen, people: Int) = section("sheet") {
        val channel = seen.channel
        id = channel.name
        attributes["aria-labelledby"] = "${channel.name}-title"
        div("headline") {
            h2 {
                id = "${channel.name}-title"
                +channel.title
            }
            if (channel.check == null) span("badge off") { +"off" } else span("badge on") { +"on" }
        }
        div("facts") {
            fact("Reaches") { +"${seen.reached} of $people approvers" }
            fact("Waiting to be sent") { +most(seen.count.waiting) }
            fact("Sent in the last day") { +most(seen.count.sent) }
            fact("Failed in the last day") { +most(seen.count.failed) }
        }
        settings(channel)
        if (channel.check != null) {
            seen.last?.let { outcome(it) }
            buttonForm(
                visit.path("/admin/channels/${channel.name}/test"),
                visit.visitor,
                "Send me a test",
                name = "Send me a test by ${channel.title}",
            )
        }
    }

    private fun FlowContent.settings(channel: KnownChannel) = p("quiet") {
        +(if (channel.check == null) "Turn it on with " else "Turned on by ")
        channel.turnedOnBy.forEach { code { +it } }
        if (channel.shapedBy.isNotEmpty()) {
            +". Further settings: "
            channel.shapedBy.forEachIndexed { index, name ->
                if (index > 0) +", "
                code { +name }
            }
        }
        +"."
    }

    private fun FlowContent.outcome(tested: Tested) {
        val (looks, words) = inWords(tested.told)
        p("standing $looks") {
            attributes["role"] = "status"
            +"Your last test, "
            moment(tested.at)
            +": "
            visible(words)
        }
    }

    private fun inWords(told: Told): Pair<String, String> = when (told) {
        is Told.Sent -> "approved" to "sent. It should be there now."
        is Told.Dropped -> "" to "nothing was sent: ${told.why}."
        is Told.Refused -> "denied" to "refused: ${told.why}."
        is Told.Failed -> "denied" to "failed: ${told.why}."
        is Told.Busy -> "" to "not now, the channel asks for a pause of ${told.pause}: ${told.why}."
    }

    private fun most(count: Int): String = if (count >= MOST_COUNTED) "$count or more" else "$count"

    private companion object {
        val DAY: Duration = Duration.ofDays(1)
        const val MOST_COUNTED = 50_000
    }
}
