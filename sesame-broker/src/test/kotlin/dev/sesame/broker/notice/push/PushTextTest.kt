package dev.sesame.broker.notice.push

import com.interaso.webpush.WebPush.Urgency
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Role
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.notice.NoticeState
import dev.sesame.broker.store.after
import dev.sesame.broker.store.opening
import dev.sesame.broker.store.question
import dev.sesame.broker.store.start
import dev.sesame.broker.store.vote
import dev.sesame.rules.ApprovalRecord
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject

/** What a message says, whatever a requester wrote. */
class PushTextTest :
    FunSpec({
        val requester = Requester("rq", "shop", null, start)
        val brief = PushText(confirmRisk = 0.8, showsDetail = false)
        val detailed = PushText(confirmRisk = 0.8, showsDetail = true)

        fun record(summary: String = "Refund", action: String = "payments.refund", approvals: Int = 1): ApprovalRecord =
            opening(question(requester, action = action, approvalsRequired = approvals).copy(summary = summary)).after

        fun asked(record: ApprovalRecord, kind: NoticeKind = NoticeKind.ASKED) =
            Notice(1, record.id, kind, Contact("push", "dv_1", "pe_1"), NoticeState.PENDING, start, start)

        fun PushMessage.json() = Json.parseToJsonElement(String(toBytes())) as JsonObject

        test("whoever has voted is told quietly that others must, too") {
            val approver = Approver("pe_1", "Kim", Role.APPROVER, "hash", "four", start)
            val voted = record(approvals = 2).let { it.after(vote(approver)).after }
            val message = brief.over(voted, start)
            message.json().word("title") shouldBe "Your answer is kept; others still have to answer"
            (message.json().word("quiet") to message.urgency) shouldBe ("true" to Urgency.Low)
        }

        test("one that is shown because somebody asked for it says that it waits") {
            brief.asking(asked(record(), NoticeKind.SHOWN), record(), start).json().word("title") shouldBe "A request waits for you"
        }

        test("with detail: characters that turn or hide text are codes, line breaks too, and the title stays ours") {
            val record = record("Approved\n\u202eby your bank\u200b", "pay\u0000ments")
            val body = detailed.asking(asked(record), record, start).json().word("body")!!
            listOf("\\u202e", "\\u200b", "\\u000a", "\\u0000").forEach { body shouldContain it }
            listOf("\u202e", "\u200b", "\u0000").forEach { body shouldNotContain it }
            body.lines().size shouldBe 2
            detailed.asking(asked(record), record, start).json().word("title") shouldBe "A request waits for you"
        }

        test("the longest and oddest words fit, cut between characters") {
            listOf("a", "€", "\uD83D\uDE00", "\u202e", "\"", "\\", "\uFFFD").forEach { piece ->
                val record = record(piece.repeat(500), piece.repeat(200))
                val message = detailed.asking(asked(record), record, start)
                withClue(piece) {
                    message.toBytes().size shouldBeLessThanOrEqual PushMessage.MOST_BYTES
                    message.json().word("body")!!.lines().first() shouldEndWith "…"
                    message.json().word("body")!!.lines().first().let { it.codePointCount(0, it.length) } shouldBe 300
                }
            }
        }

        test("many are as urgent, and kept as long, as the most of them") {
            val soon = record()
            val late = opening(question(requester, expiresInSeconds = 7_200).copy(riskScore = 0.9)).after
            val message = brief.many(listOf(soon, late), count = 12, start)
            message.json().word("title") shouldBe "12 requests wait for you"
            (message.urgency to message.ttl.inWholeSeconds) shouldBe (Urgency.High to 7_200L)
        }
    })
