package dev.sesame.broker.notice.push

import com.interaso.webpush.WebPush.Urgency
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.text.shown
import dev.sesame.rules.ApprovalRecord
import java.time.Duration
import java.time.Instant
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.toKotlinDuration

/** What a browser shows of a request: that there is one, and where [showsDetail], what it is about. */
internal class PushText(private val confirmRisk: Double, private val showsDetail: Boolean) {
    /** A request that waits for an answer. */
    fun asking(notice: Notice, record: ApprovalRecord, now: Instant): PushMessage = PushMessage(
        PushMessage.Words(heading(notice.kind), detail(record)),
        record.id,
        tag = record.id,
        urgency(record),
        record.timeLeft(now),
    )

    /** One that waits for others alone, or for nobody. It takes the place of the question, for as long as that would have been there. */
    fun over(record: ApprovalRecord, now: Instant): PushMessage {
        val status = record.progress.decision?.status
        val title = if (status == null) "Your answer is kept; others still have to answer" else "Decided: $status"
        val ttl = maxOf(record.timeLeft(now), LEAST_WHEN_OVER)
        return PushMessage(PushMessage.Words(title, detail(record), isQuiet = true), record.id, tag = record.id, Urgency.Low, ttl)
    }

    /** Many that wait for an answer: their [first] ones, and [count] in all. */
    fun many(first: List<ApprovalRecord>, count: Int, now: Instant): PushMessage = PushMessage(
        PushMessage.Words("$count requests wait for you"),
        approvalId = null,
        tag = MANY,
        if (first.any { urgency(it) == Urgency.High }) Urgency.High else Urgency.Normal,
        first.maxOf { it.timeLeft(now) },
    )

    /** What somebody sends to their own device to see whether it arrives. */
    fun test(): PushMessage =
        PushMessage(PushMessage.Words("Notices arrive on this device"), approvalId = null, tag = TEST, Urgency.High, TEST_LIVES)

    private fun heading(kind: NoticeKind): String = when (kind) {
        NoticeKind.HALF_TIME -> "A request still waits for you: half of its time is over"
        NoticeKind.LAST_CALL -> "A request expires soon, and waits for you"
        in NoticeKind.REMINDERS -> "A request still waits for you"
        else -> "A request waits for you"
    }

    private fun detail(record: ApprovalRecord): String =
        if (showsDetail) cut(record.question.summary, MOST_SUMMARY) + "\n" + cut(record.question.action, MOST_ACTION) else ""

    /** At most [most] characters, each of which is there to be seen. */
    private fun cut(text: String, most: Int): String {
        val words = shown(text)
        if (words.codePointCount(0, words.length) <= most) return words
        return words.take(words.offsetByCodePoints(0, most - 1)) + "…"
    }

    private fun urgency(record: ApprovalRecord): Urgency =
        if ((record.question.riskScore ?: 0.0) >= confirmRisk) Urgency.High else Urgency.Normal

    private fun ApprovalRecord.timeLeft(now: Instant): kotlin.time.Duration =
        Duration.between(now, question.expiresAt).toKotlinDuration().coerceIn(kotlin.time.Duration.ZERO, LONGEST)

    private companion object {
        const val MANY = "inbox"
        const val TEST = "test"
        const val MOST_SUMMARY = 300
        const val MOST_ACTION = 100

        /** Push services keep nothing longer. */
        val LONGEST = 28.days

        /** A device that was away for a moment when a request expired is told all the same. */
        val LEAST_WHEN_OVER = 1.hours
        val TEST_LIVES = 1.hours
    }
}
