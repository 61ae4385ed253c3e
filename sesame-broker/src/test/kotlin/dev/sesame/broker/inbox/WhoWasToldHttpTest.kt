package dev.sesame.broker.inbox

import dev.sesame.broker.browser
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.notice.telegram.BotApiServer
import dev.sesame.broker.notice.telegram.BotApiServer.Refusal
import dev.sesame.broker.notice.telegram.TelegramBroker
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

/** What a request's page says of the notices about it, from the first to the last. */
class WhoWasToldHttpTest :
    FunSpec({
        val telegram = autoClose(BotApiServer())
        val broker = autoClose(TelegramBroker(telegram, publicUrl = null))
        val requester = broker.requester()
        afterTest { telegram.refuse = { null } }

        test("whom it reached, whom it didn't and why, who is yet to be reminded and when, and never an account's number") {
            val kim = broker.linked()
            val gone = broker.linked()
            val reader = broker.browser(kim.approver)
            telegram.refuse = { if (it.number("chat_id") == gone.account) Refusal(403, "Forbidden: bot was blocked by the user") else null }
            val id = requester.asked("expires_in" to 1_000)
            broker.awaitNotice(id, "asked", "sent", kim)
            broker.awaitNotice(id, "asked", "failed", gone)
            val page = reader.get("/approvals/$id").shouldBeOk().text
            summary(page) shouldBe "6 notices: 4 waiting, 1 sent, 1 failed"
            val lines = lines(page)
            lines shouldContainExactly lines.distinct()
            lines[0] shouldBe "Question to you by Telegram: sent | 20 Nov 2026, 12:00 UTC"
            lines[1] shouldContain
                "Question to ${gone.approver.name} by Telegram: failed | 20 Nov 2026, 12:00 UTC: Forbidden: bot was blocked"
            lines[2] shouldBe "Reminder at half time to you by Telegram: waiting | It is due at 20 Nov 2026, 12:08 UTC"
            dueAt(page) shouldBe "2026-11-20T12:08:20Z"
            listOf(kim, gone).forEach { page shouldNotContain "${it.account}" }
            page shouldNotContain "<details class=\"told\" id=\"told\" open"
        }

        test("a failure is told with what is tried next, and after the decision what wasn't needed any more") {
            val kim = broker.linked()
            val reader = broker.browser(broker.approver())
            telegram.refuse = { if (it.number("chat_id") == kim.account) Refusal(502, "Bad Gateway") else null }
            val id = requester.asked("expires_in" to 300)
            broker.awaitNotice(id, "asked", "pending", kim) { it["attempt_count"].toString() == "1" }
            val asked = reader.get("/approvals/$id").shouldBeOk().text
            lines(asked).single { kim.approver.name in it } shouldContain
                Regex("Question to .* by Telegram: waiting \\| It is tried again at .* UTC, after 1 attempt: Bad Gateway")
            telegram.refuse = { null }
            broker.approver().approve(id)
            broker.awaitNotice(id, "decided", "dropped", kim)
            val decided = lines(reader.get("/approvals/$id").shouldBeOk().text).filter { kim.approver.name in it }
            withClue(decided) {
                decided[0] shouldContain "Question to ${kim.approver.name} by Telegram: not sent"
                decided[0] shouldContain "decided before it was sent"
                decided[1] shouldContain "Decision to ${kim.approver.name} by Telegram: not sent"
            }
        }

        test("who only has the link is not told whom the broker asks") {
            val kim = broker.linked()
            val id = requester.asked()
            broker.awaitNotice(id, "asked", "sent", kim)
            val page = broker.nobody.get("/approvals/$id").shouldBeOk().text
            listOf("notice", "Telegram", kim.approver.name).forEach { page shouldNotContain it }
        }
    })

private fun summary(page: String): String? = Regex("""<summary id="told-count">([^<]*)<""").find(page)?.groupValues?.get(1)

private fun dueAt(page: String): String? = Regex("""class="story"[^>]*data-due="([^"]*)"""").find(page)?.groupValues?.get(1)

/** Each notice as its reader sees it, its two lines apart by a bar. */
private fun lines(page: String): List<String> = page.substringAfter("id=\"told-count\"").substringAfter("<ul>").substringBefore("</ul>")
    .split("</li>").filter { it.isNotBlank() }
    .map { it.replace("</p><p", " | <p").replace(Regex("<[^>]*>"), "") }
