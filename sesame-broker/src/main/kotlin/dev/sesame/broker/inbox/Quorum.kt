package dev.sesame.broker.inbox

import dev.sesame.Answer
import kotlinx.html.FlowContent
import kotlinx.html.p
import kotlinx.html.strong

/** Who is asked, and how far it got; nothing where one yes of anybody is enough. */
internal fun FlowContent.quorum(seen: SeenRequest) {
    val question = seen.question
    if (question.approvalsRequired == 1 && question.groups.isEmpty()) return
    val approvals = seen.record.progress.votes.count { it.vote == Answer.APPROVE }
    p("standing") {
        if (question.approvalsRequired > 1) {
            strong { +"${question.approvalsRequired} people must approve" }
            +". So far $approvals did. "
        }
        if (question.groups.isNotEmpty()) {
            +"Asked: "
            question.groups.forEachIndexed { index, name ->
                if (index > 0) +", "
                visible(name)
                question.approvalsPerGroup[name]?.let { +" ($it)" }
            }
            +". "
        }
        if (seen.record.progress.votes.any { it.by.id == seen.visitor.approver.id }) +"You approved; one denial, also yours, still ends it."
    }
}
