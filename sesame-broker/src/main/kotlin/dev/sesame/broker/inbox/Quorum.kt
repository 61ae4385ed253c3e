package dev.sesame.broker.inbox

import dev.sesame.Answer
import dev.sesame.rules.Question
import kotlinx.html.FlowContent
import kotlinx.html.P
import kotlinx.html.UL
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.strong
import kotlinx.html.ul
import java.time.Instant

/** Who is asked, who approved, and what is missing still; nothing where one yes of anybody is enough. */
internal fun FlowContent.quorum(seen: SeenRequest) {
    val question = seen.question
    if (question.approvalsRequired == 1 && question.groups.isEmpty()) return
    section("standing") {
        id = "quorum"
        h2 { +"Who has to approve" }
        if (question.approvalsRequired > 1) total(seen)
        if (question.groups.isNotEmpty()) ul("groups") { question.groups.forEach { group(it, seen) } }
        seen.record.escalatesAt?.let { at -> p { escalating(question, at) } }
        noLongerCounted(seen)
        if (seen.record.progress.votes.any { it.by.id == seen.visitor.approver.id }) {
            p { +"You approved; one denial, also yours, still ends it." }
        }
        if (question.approvalsRequired > 1 && question.editable.isNotEmpty()) p("quiet") { +EditPages.NOT_ALONE }
    }
}

private fun FlowContent.total(seen: SeenRequest) {
    val required = seen.question.approvalsRequired
    val counted = seen.tally.counted
    p {
        strong { +"$required people must approve" }
        +". So far ${counted.size} did"
        if (counted.isNotEmpty()) {
            +": "
            visible(names(counted, seen))
        }
        +"."
    }
}

/** One line a group: who was counted for it, and how many it lacks; or that its people are asked like all others. */
private fun UL.group(name: String, seen: SeenRequest) {
    val required = seen.question.approvalsPerGroup[name]
    val counted = seen.tally.perGroup[name].orEmpty()
    li {
        strong { visible(name) }
        when {
            required == null -> +": its people may approve"

            counted.size >= required -> {
                +": done, by "
                visible(names(counted, seen))
            }

            else -> {
                +": ${required - counted.size} ${if (counted.isEmpty()) "" else "more "}must approve"
                if (counted.isNotEmpty()) {
                    +", beside "
                    visible(names(counted, seen))
                }
            }
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

/** Whose approval was given, and isn't worth anything by now. */
private fun FlowContent.noLongerCounted(seen: SeenRequest) {
    val lost = seen.record.progress.votes.filter { it.vote == Answer.APPROVE && it.by.id !in seen.tally.counted }
    if (lost.isEmpty()) return
    p {
        visible(lost.joinToString { it.by.toString() })
        +" approved, which doesn't count any more: no longer an approver, or no longer in a group that is asked."
    }
}

private fun names(ids: Set<String>, seen: SeenRequest): String =
    seen.record.progress.votes.filter { it.by.id in ids }.joinToString { it.by.toString() }
