package dev.sesame.broker.inbox

import dev.sesame.Answer
import dev.sesame.rules.Question
import kotlinx.html.FlowContent
import kotlinx.html.P
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.strong
import java.time.Instant

/** Who is asked, and how far it got; nothing where one yes of anybody is enough. */
internal fun FlowContent.quorum(seen: SeenRequest) {
    val question = seen.question
    if (question.approvalsRequired == 1 && question.groups.isEmpty()) return
    val approvals = seen.record.progress.votes.count { it.vote == Answer.APPROVE }
    section("standing") {
        if (question.approvalsRequired > 1) {
            p {
                strong { +"${question.approvalsRequired} people must approve" }
                +". So far $approvals did."
            }
        }
        if (question.groups.isNotEmpty()) p { asked(question) }
        seen.record.escalatesAt?.let { at -> p { escalating(question, at) } }
        if (seen.record.progress.votes.any { it.by.id == seen.visitor.approver.id }) {
            p { +"You approved; one denial, also yours, still ends it." }
        }
    }
}

private fun P.escalating(question: Question, at: Instant) {
    +"If it is still open at "
    moment(at)
    +", people of "
    visible(question.escalation?.groups.orEmpty().joinToString())
    +" may answer it too."
}

/** The groups, each with how many of its own it takes, where that is said. */
private fun P.asked(question: Question) {
    +"Asked: "
    question.groups.forEachIndexed { index, name ->
        if (index > 0) +", "
        visible(name)
        question.approvalsPerGroup[name]?.let { +" ($it)" }
    }
}
