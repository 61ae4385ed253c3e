package dev.sesame.broker.inbox

import dev.sesame.ApprovalStatus
import dev.sesame.rules.ApprovalRecord
import kotlinx.html.FlowContent
import kotlinx.html.code
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.p
import kotlinx.html.section
import java.time.Instant

/** What whoever has the link may read: what is asked and how it stands, but neither reason nor context; and that more is seen signed in. */
internal fun publicPage(record: ApprovalRecord, now: Instant) = Page(
    titleOf(record),
    asksToSignIn = record.status == ApprovalStatus.PENDING,
) {
    section("request") {
        div("headline") {
            h1 { +"Request" }
            status(record.status)
            if (record.status == ApprovalStatus.PENDING) countdown(record.question.expiresAt, now)
        }
        section("theirs") {
            h2("label") {
                +"Written by "
                visible(record.question.requesterLabel)
            }
            div("quoted") {
                p("asked") { visible(record.question.summary) }
                p { code { visible(record.question.action) } }
            }
        }
        howItStands(record)
    }
}

private fun FlowContent.howItStands(record: ApprovalRecord) {
    section("sheet") {
        if (record.status == ApprovalStatus.PENDING) {
            p { +"To see all of it and answer, sign in on this device, then load this page anew." }
            signInHint()
            p { +"Or answer on the command line:" }
            p { code { +"./sesame approve ${record.id}" } }
        } else {
            p {
                +"It is ${record.status}"
                record.progress.decision?.by?.let {
                    +", by "
                    visible(it.toString())
                }
                record.progress.decidedAt?.let {
                    +", "
                    moment(it)
                }
                +"."
            }
        }
    }
}
