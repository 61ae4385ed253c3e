package dev.sesame.broker.notice.telegram

import dev.sesame.ApprovalStatus
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.text.shown
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Redaction
import dev.sesame.rules.toldOver
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter

/** What an approver reads of one request, shortened to what a message takes. */
internal class RequestText(private val confirmRisk: Double, private val pageOf: (String) -> String) {
    /** A request that waits for an answer. */
    fun asking(record: ApprovalRecord, kind: NoticeKind, now: Instant): Message = MessageText().run {
        ours(heading(kind)).ours("\n\n")
        body(record)
        ours("\nOpen until ${record.question.expiresAt.inWords()}, ${Duration.between(now, record.question.expiresAt).inWords()} from now.")
        if (isHighRisk(
                record,
            )
        ) {
            ours("\n\nThe risk is high: answer it on its page, or with\n").linesBelow(listOf("./sesame approve ${record.id}"))
        }
        done()
    }

    /** One that this approver has answered, while others must still. */
    fun voted(record: ApprovalRecord, approverId: String): Message = MessageText().run {
        val vote = record.progress.votes.lastOrNull { it.by.id == approverId }
        val approvals = record.progress.votes.count { it.vote == dev.sesame.Answer.APPROVE }
        ours("You answered: ${vote?.vote?.value ?: "nothing"}. $approvals of ${record.question.approvalsRequired} have approved.\n\n")
        body(record)
        done()
    }

    /** One that is over: how, and by whom. */
    fun decided(record: ApprovalRecord): Message = MessageText().run {
        ours(outcome(record)).ours("\n")
        record.progress.decision?.note?.let { ours("Note: ").theirs(it, MOST_NOTE).ours("\n") }
        ours("\n")
        body(record, withContext = false)
        done()
    }

    /** The first of many, and how many [more] there are; each can be asked for by its command. */
    fun many(heading: String, records: List<ApprovalRecord>, more: Int): Message = MessageText().run {
        ours("$heading\n")
        records.forEach { record ->
            ours("\n").theirs(record.question.summary, MOST_IN_LIST).ours(", ").theirs(record.question.action, MOST_IN_LIST / 2)
            ours("\n/${record.id}\n")
        }
        if (more > 0) ours("\nand $more more.\n")
        ours("\nTap one to see and answer it; /pending lists what is open.")
        done()
    }

    fun isHighRisk(record: ApprovalRecord): Boolean = (record.question.riskScore ?: 0.0) >= confirmRisk

    /** How it ended, in our own words. */
    fun outcome(record: ApprovalRecord): String {
        val decision = record.progress.decision ?: return "It is still open."
        val by = decision.by?.let { " by ${MessageText.cut(shown(it.name ?: it.id), MOST_NAME)}" }.orEmpty()
        val mark = if (decision.status == ApprovalStatus.APPROVED) "✅" else "⛔"
        val edited = if (decision.editedContext == null) "" else " with changes"
        return "$mark ${decision.status.value.replaceFirstChar(Char::uppercase)}$edited$by, ${record.progress.decidedAt?.inWords()}."
    }

    private fun heading(kind: NoticeKind) = when (kind) {
        NoticeKind.HALF_TIME -> "⏳ Still open, and half of its time is over:"
        NoticeKind.LAST_CALL -> "⏰ Last call: a tenth of its time is left."
        in NoticeKind.REMINDERS -> "⏳ Still open, and waiting for your answer:"
        else -> "❓ Please decide:"
    }

    private fun MessageText.body(record: ApprovalRecord, withContext: Boolean = true) {
        val question = record.question
        theirsBelow(question.summary, MOST_SUMMARY)
        ours("\nAction: ").theirs(question.action, MOST_ACTION)
        ours("\nAsked by: ").theirs(question.requesterLabel, MOST_NAME)
        question.requestedBy?.let { ours(" for ").theirs(it, MOST_NAME) }
        question.riskScore?.let { ours("\nRisk: $it of 1") }
        if (withContext) {
            question.reason?.let { ours("\nWhy:\n").theirsBelow(it, MOST_REASON, keepLines = true) }
            if (question.context.isNotEmpty()) ours("\nContext:\n").linesBelow(contextLines(record))
            pageOf(record.id).takeIf { it.length <= LONGEST_ADDRESS }?.let { ours("\nAll of it: $it") }
        }
        ours("\n/${record.id}")
    }

    /** Field by field, the first ones whole where they can be; what doesn't fit is said, never just left out. */
    private fun contextLines(record: ApprovalRecord): List<String> {
        val fields = record.toldOver(Redaction.TELEGRAM).question.context.entries.toList()
        val lines = ArrayList<String>()
        for ((name, value) in fields) {
            val content = if (value is JsonPrimitive) value.content else value.toString()
            val line = MessageText.cut(shown(name), MOST_FIELD_NAME) + " = " + MessageText.cut(shown(content), MOST_FIELD)
            if (lines.sumOf { it.length + 1 } + line.length > MOST_CONTEXT) break
            lines += line
        }
        return if (lines.size == fields.size) lines else lines + "… and ${fields.size - lines.size} more fields"
    }

    private companion object {
        const val MOST_SUMMARY = 600
        const val MOST_ACTION = 220
        const val MOST_NAME = 120
        const val MOST_REASON = 700
        const val MOST_CONTEXT = 1_200
        const val MOST_FIELD_NAME = 60
        const val MOST_FIELD = 240
        const val MOST_NOTE = 1_000
        const val MOST_IN_LIST = 120
        const val LONGEST_ADDRESS = 300
    }
}

private val minute = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC)

private fun Instant.inWords(): String = minute.format(this)

/** In the largest unit that says enough. */
private fun Duration.inWords(): String = when {
    toDays() > 1 -> "${toDays()} days"
    toHours() > 1 -> "${toHours()} h"
    toMinutes() > 0 -> "${toMinutes()} min"
    else -> "${maxOf(0, toSeconds())} s"
}
