package dev.sesame.broker.inbox

import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.notice.NoticeState
import kotlinx.html.FlowContent
import kotlinx.html.P
import kotlinx.html.UL
import kotlinx.html.details
import kotlinx.html.id
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.strong
import kotlinx.html.summary
import kotlinx.html.ul

/** Who was told of the request, over which channel, and what came of it; many lines are folded. Where it went is the approver's own. */
internal fun FlowContent.whoWasTold(seen: SeenRequest) {
    val notices = seen.correspondence.notices
    if (notices.isEmpty()) return
    details("told") {
        id = "told"
        open = notices.size <= MOST_UNFOLDED
        summary {
            id = "told-count"
            +(if (seen.correspondence.isCut) "The newest ${inWords(notices)}" else inWords(notices))
        }
        ul { notices.forEach { line(it, seen) } }
    }
}

/** Such as "3 notices: 2 sent, 1 waiting". */
private fun inWords(notices: List<Notice>): String {
    val counts = NoticeState.entries.mapNotNull { state ->
        notices.count { it.state == state }.takeIf { it > 0 }?.let { "$it ${states.getValue(state)}" }
    }
    return "${notices.size} ${if (notices.size == 1) "notice" else "notices"}: ${counts.joinToString()}"
}

private fun UL.line(notice: Notice, seen: SeenRequest) {
    li {
        p {
            val who = notice.contact.approverId
            +"${kinds.getValue(notice.kind)} to "
            if (who == seen.visitor.approver.id) +"you" else visible(seen.correspondence.nameOf(who))
            +" by "
            visible(notice.contact.channel.replaceFirstChar(Char::uppercase))
            +": "
            strong("told-${notice.state.name.lowercase()}") { +states.getValue(notice.state) }
        }
        p("quiet") { how(notice, seen) }
    }
}

/** Since when it stands so, or until when, and why. */
private fun P.how(notice: Notice, seen: SeenRequest) {
    val next = notice.nextAt
    when {
        next == null -> notice.endedAt?.let { moment(it) }

        next <= seen.now -> +"It is due now"

        else -> {
            +(if (notice.attempts == 0) "It is due at " else "It is tried again at ")
            moment(next)
        }
    }
    if (notice.attempts > 1 || (next != null && notice.attempts > 0)) {
        +", after ${notice.attempts} ${if (notice.attempts == 1) "attempt" else "attempts"}"
    }
    notice.detail?.let {
        +": "
        visible(it.take(LONGEST_DETAIL))
    }
}

private val kinds = mapOf(
    NoticeKind.ASKED to "Question",
    NoticeKind.HALF_TIME to "Reminder at half time",
    NoticeKind.LAST_CALL to "Reminder near the end",
    NoticeKind.SHOWN to "Question, on demand,",
    NoticeKind.VOTED to "Word that the vote is kept",
    NoticeKind.DECIDED to "Decision",
) + NoticeKind.REMINDERS.associateWith { "Reminder" }

private val states = mapOf(
    NoticeState.PENDING to "waiting",
    NoticeState.SENT to "sent",
    NoticeState.FAILED to "failed",
    NoticeState.DROPPED to "not sent",
)

private const val MOST_UNFOLDED = 3
private const val LONGEST_DETAIL = 300
