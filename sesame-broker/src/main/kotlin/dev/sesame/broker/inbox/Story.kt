package dev.sesame.broker.inbox

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.Vote
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.rules.Extension
import kotlinx.html.FlowContent
import kotlinx.html.OL
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.li
import kotlinx.html.ol
import kotlinx.html.p
import kotlinx.html.section
import java.net.URI
import java.time.Instant

/** What happened to it so far, in order: asked, votes, decision, execution, deliveries; and who was told of it. */
internal fun FlowContent.story(seen: SeenRequest) {
    section("story") {
        attributes["aria-labelledby"] = "story-title"
        due(seen)?.let { attributes["data-due"] = it.toString() }
        h2 {
            id = "story-title"
            +"What happened"
        }
        ol {
            step(seen.question.createdAt) {
                +"Asked by "
                visible(seen.question.requesterLabel)
                +", open until "
                moment(seen.record.progress.extensions.firstOrNull()?.from ?: seen.question.expiresAt)
            }
            beforeDecision(seen)
            decision(seen)
            execution(seen)
            seen.correspondence.deliveries.forEach { delivery(it, seen.visitor.isAdmin) }
        }
        whoWasTold(seen)
        p("quiet hash") {
            +"Request "
            +seen.record.id
        }
    }
}

/** When something of it changes by itself next: a message is sent, or a lease lapses. */
private fun due(seen: SeenRequest): Instant? {
    val isRunning = seen.document.execution?.state == ExecutionState.CLAIMED
    val lease = seen.record.progress.claim?.leaseUntil.takeIf { isRunning }
    return listOfNotNull(seen.correspondence.dueAt, lease).minOrNull()
}

/** Votes, more time, and that others were asked too, in their order. */
private fun OL.beforeDecision(seen: SeenRequest) {
    val progress = seen.record.progress
    val escalation = seen.question.escalation
    val all = progress.votes.map { it.at to { vote(it) } } + progress.extensions.map { it.at to { extension(it) } } +
        listOfNotNull(escalation?.escalatedAt?.let { it to { escalated(it, escalation.groups) } })
    all.sortedBy { it.first }.forEach { (_, tell) -> tell() }
}

private fun OL.vote(vote: Vote) {
    step(vote.at, vote.note) {
        visible(vote.by.toString())
        +(if (vote.vote == Answer.APPROVE) " approved it, by " else " denied it, by ")
        +vote.via
    }
}

private fun OL.extension(extension: Extension) {
    step(extension.at) {
        visible(extension.by.toString())
        +" gave it more time: open until "
        moment(extension.to)
        +", not "
        moment(extension.from)
    }
}

private fun OL.escalated(at: Instant, groups: List<String>) {
    step(at) {
        +"Nobody had decided it, so it was escalated: people of "
        visible(groups.joinToString())
        +" may answer it too"
    }
}

private fun OL.decision(seen: SeenRequest) {
    val decision = seen.record.progress.decision ?: return
    val edits = seen.record.edits
    li {
        p {
            +"It is ${decision.status}"
            if (edits.isNotEmpty()) {
                +", as "
                visible(decision.by.toString())
                +" changed it"
            }
        }
        if (edits.isNotEmpty()) changes(edits)
        seen.record.progress.decidedAt?.let { p("quiet") { moment(it) } }
    }
}

private fun OL.execution(seen: SeenRequest) {
    val execution = seen.document.execution ?: return
    step(execution.claimedAt) { +"The requester took the right to run it" }
    val ended = execution.endedAt ?: return
    val settledBy = seen.record.progress.settledBy
    step(ended, execution.detail) {
        settledBy?.let { by ->
            visible(by.toString())
            +" looked, and says: "
        }
        +when (execution.state) {
            ExecutionState.SUCCEEDED -> "It ran and succeeded"
            ExecutionState.FAILED -> "It ran, failed, and did nothing; it may run again"
            else -> "Nobody knows whether it ran: somebody has to look"
        }
    }
}

/** The whole URL may hold what only its owner should know. */
private fun OL.delivery(delivery: Delivery, isAdmin: Boolean) {
    step(delivery.endedAt ?: delivery.createdAt) {
        +"Webhook to "
        visible(if (isAdmin) delivery.url else hostOf(delivery.url))
        +" ${inWords(delivery)}"
    }
}

private fun hostOf(url: String): String = URI(url).run { rawAuthority ?: "its receiver" }

private fun inWords(delivery: Delivery): String {
    val tries = "${delivery.attempts} ${if (delivery.attempts == 1) "attempt" else "attempts"}"
    return when (delivery.state) {
        DeliveryState.DELIVERED -> "delivered, $tries"
        DeliveryState.FAILED -> "given up after $tries"
        DeliveryState.HELD -> "waits until its endpoint is enabled"
        DeliveryState.PENDING -> if (delivery.attempts == 0) "is on its way" else "not delivered yet, $tries"
    }
}

private fun OL.step(at: Instant?, note: String? = null, what: FlowContent.() -> Unit) {
    li {
        p { what() }
        if (!note.isNullOrEmpty()) long(note, "note")
        if (at != null) p("quiet") { moment(at) }
    }
}
