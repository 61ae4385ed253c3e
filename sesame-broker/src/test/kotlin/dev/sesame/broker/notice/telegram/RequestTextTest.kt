package dev.sesame.broker.notice.telegram

import dev.sesame.Answer
import dev.sesame.Person
import dev.sesame.broker.access.Requester
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.store.after
import dev.sesame.broker.store.opening
import dev.sesame.broker.store.question
import dev.sesame.broker.store.start
import dev.sesame.broker.store.vote
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Question
import dev.sesame.rules.Redaction
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

class RequestTextTest :
    FunSpec({
        val request = RequestText(confirmRisk = 0.8) { "https://sesame.example/approvals/$it" }
        val requester = Requester("rq", "shop", null, start)

        fun record(change: Question.() -> Question = { this }): ApprovalRecord = opening(question(requester).change()).after

        fun Message.framed() = frames.map { text.substring(it.offset, it.offset + it.length) }

        fun Message.ours(): String = text.filterIndexed { index, _ -> frames.none { index in it.offset until it.offset + it.length } }

        test("what a rule hides from this channel isn't written") {
            val context = JsonObject(mapOf("iban" to JsonPrimitive("DE00"), "note" to JsonPrimitive("seen")))
            val hiding = record { copy(context = context, redactions = listOf(Redaction("iban", listOf("telegram")))) }
            val text = request.asking(hiding, NoticeKind.ASKED, start).text
            text shouldContain "iban = [redacted]"
            text shouldContain "note = seen"
            text shouldNotContain "DE00"
        }

        test("everything that others wrote stands in a frame, and nothing of it outside") {
            val words = listOf("summary-word", "action.word", "label-word", "behalf-word", "reason-word", "name-word", "value-word")
            val record = record {
                copy(
                    summary = words[0],
                    action = words[1],
                    requesterLabel = words[2],
                    requestedBy = words[3],
                    reason = words[4],
                    context = JsonObject(mapOf(words[5] to JsonPrimitive(words[6]))),
                )
            }
            listOf(
                request.asking(record, NoticeKind.ASKED, start),
                request.many("Open:", listOf(record), 0),
                request.decided(record),
            ).forEach { message ->
                words.forEach { message.ours() shouldNotContain it }
            }
            words.forEach { request.asking(record, NoticeKind.ASKED, start).framed().joinToString() shouldContain it }
        }

        test("what could turn, hide or imitate is shown as its code; what people write is left alone") {
            val hostile = "pay \u202e0001\u202c \u200b\u2066x\u2069 \u0000\u0007 \uFE00\u3164\uDB40\uDC41 ok 💸 čšž 日本 é"
            val shown = request.asking(record { copy(summary = hostile) }, NoticeKind.ASKED, start).framed().first()
            shown shouldBe
                "pay \\u202e0001\\u202c \\u200b\\u2066x\\u2069 \\u0000\\u0007 \\ufe00\\u3164\\u{e0041} ok 💸 čšž 日本 é"
        }

        test("line breaks of others make no lines but in the reason, so that nothing looks like ours") {
            val record = record { copy(summary = "a\n✅ Approved by Kim", reason = "one\ntwo") }
            val message = request.asking(record, NoticeKind.ASKED, start)
            message.framed() shouldBe message.framed().toMutableList().also {
                it[0] = "a\\u000a✅ Approved by Kim"
                it[4] = "one\ntwo"
            }
        }

        test("however long all of it is, a message fits, says what is missing, and cuts no character in two") {
            listOf("x", "💸", "\u202e", "\n", "é").forEach { letter ->
                val record = record {
                    copy(
                        summary = letter.repeat(500),
                        action = letter.repeat(200),
                        requesterLabel = letter.repeat(100),
                        requestedBy = letter.repeat(200),
                        reason = letter.repeat(4_000),
                        context = JsonObject(List(300) { "$it $letter".repeat(50) to JsonPrimitive(letter.repeat(500)) }.toMap()),
                        riskScore = 0.9,
                    )
                }
                val denied = record.after(
                    vote(Person("pe", letter.repeat(100)), Answer.DENY, "api", letter.repeat(4_000)),
                ).after
                listOf(
                    request.asking(record, NoticeKind.LAST_CALL, start),
                    request.decided(denied),
                    request.many("❓ Open, newest first:", List(15) { record }, 85),
                ).forEach { message ->
                    message.text.length shouldBeLessThanOrEqual MessageText.LONGEST
                    message.frames.size shouldBeLessThanOrEqual 100
                    Charsets.UTF_8.newEncoder().canEncode(message.text) shouldBe true
                    message.framed().none { it.isEmpty() } shouldBe true
                }
                request.asking(record, NoticeKind.ASKED, start).text shouldContain "more fields"
            }
        }

        test("how long it is open is said in the largest unit that says enough") {
            listOf(
                45L to "45 s",
                90L to "1 min",
                7_100L to "118 min",
                7_300L to "2 h",
                10_900L to "3 h",
                600_000L to "6 days",
            ).forEach { (seconds, words) ->
                request.asking(record { copy(expiresAt = start.plusSeconds(seconds)) }, NoticeKind.ASKED, start).text shouldContain
                    "$words from now"
            }
        }

        test("whoever has answered while others must still sees how many have") {
            val voted = record {
                copy(approvalsRequired = 3)
            }.after(vote(Person("pe", "Kim"), Answer.APPROVE, "telegram")).after
            request.voted(voted, "pe").text shouldStartWith "You answered: approve. 1 of 3 have approved."
        }

        test("from the risk on that asks for more, and not below") {
            listOf(null to false, 0.79 to false, 0.8 to true, 1.0 to true).forEach { (risk, isHigh) ->
                request.isHighRisk(record { copy(riskScore = risk) }) shouldBe isHigh
            }
        }

        test("each kind says in its first line why it comes") {
            mapOf(
                NoticeKind.ASKED to "❓",
                NoticeKind.SHOWN to "❓",
                NoticeKind.HALF_TIME to "⏳",
                NoticeKind.LAST_CALL to "⏰",
            ).forEach { (kind, mark) ->
                request.asking(record(), kind, start).text shouldStartWith mark
            }
        }
    })
