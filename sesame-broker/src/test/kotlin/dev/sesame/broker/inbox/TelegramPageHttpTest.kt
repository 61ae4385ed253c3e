package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.notice.telegram.BotApiServer
import dev.sesame.broker.notice.telegram.TelegramBroker
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith

/** Approvers link their own Telegram accounts in the inbox, beside a Telegram that takes the code. */
class TelegramPageHttpTest :
    FunSpec({
        val telegram = autoClose(BotApiServer())
        val broker = autoClose(TelegramBroker(telegram, publicUrl = null))
        val requester = broker.requester()
        val codes = Regex("/start ([a-z2-7]{26})")

        fun Answer.code(): String = codes.findAll(text).map { it.groupValues[1] }.distinct().single()

        fun Browser.newCode(): Answer {
            get("/telegram").shouldBeOk()
            return post("/telegram/code").shouldBeOk()
        }

        test("a code from the page links who sends it, and the bot asks there from now on; the page shows it once") {
            val kim = broker.approver()
            val browser = broker.browser(kim)
            browser.get("/sessions").text shouldContain "href=\"/telegram\""
            browser.get("/telegram").text shouldContain "No account is linked"
            telegram.await("the bot's name is known") { "https://t.me/" in browser.newCode().text }
            val made = browser.newCode()
            made.text shouldContain "href=\"https://t.me/sesame_test_bot?start=${made.code()}\""
            made.text shouldContain "within ten minutes"
            made.header("Cache-Control") shouldBe "no-store"
            browser.get("/telegram").text shouldNotContain made.code()

            val account = TelegramBroker.newAccount()
            telegram.write(account, "/start ${made.code()}")
            telegram.awaitShown(account).text shouldStartWith "Linked"
            browser.get("/telegram").text shouldContain "is linked"
            requester.asked("summary" to "Refund to be seen")
            telegram.awaitShown(account, count = 2).text shouldContain "Refund to be seen"
        }

        test("a newer code ends the older, and ten minutes end any") {
            val browser = broker.browser(broker.approver())
            val older = browser.newCode().code()
            val newer = browser.newCode().code()
            val (first, second) = List(2) { TelegramBroker.newAccount() }
            telegram.write(first, "/start $older")
            telegram.awaitShown(first).text shouldStartWith "This code doesn't count"
            broker.clock.moveSeconds(600)
            telegram.write(second, "/start $newer")
            telegram.awaitShown(second).text shouldStartWith "This code doesn't count"
            browser.get("/telegram").text shouldContain "No account is linked"
        }

        test("a form of another session makes no code and unlinks nobody; nor does who isn't signed in, nor another site") {
            val kim = broker.linked()
            val browser = broker.browser(kim.approver)
            val foreign = broker.browser(broker.approver())
            val token = Regex("""name="form" value="([^"]*)"""").find(foreign.get("/telegram").text)!!.groupValues[1]
            listOf("/telegram/code", "/telegram/unlink").forEach { path ->
                listOf("", "x", token).forEach { wrong ->
                    browser.get("/telegram")
                    val refused = browser.post(path, "form" to wrong)
                    withClue(path) { refused.status shouldBe 403 }
                    codes.findAll(refused.text).toList().shouldBeEmpty()
                }
                browser.get("/telegram")
                browser.post(path, headers = arrayOf("Origin" to "https://evil.example")).status shouldBe 403
                Browser(broker.url).post(path).status shouldBe 401
                browser.get(path).status shouldBe 405
            }
            Browser(broker.url).get("/telegram").status shouldBe 401
            browser.get("/telegram").text shouldContain "is linked"
            foreign.get("/telegram")
            foreign.post("/telegram/unlink").status shouldBe 303
            browser.get("/telegram").text shouldContain "is linked"
        }

        test("unlinking stops the messages at once, those that are owed as those to come") {
            val kim = broker.linked()
            val other = broker.linked()
            val browser = broker.browser(kim.approver)
            val before = requester.asked("expires_in" to 1_000)
            broker.awaitNotice(before, "asked", "sent", kim)
            browser.get("/telegram")
            browser.post("/telegram/unlink").header("Location") shouldBe "/telegram"
            browser.get("/telegram").text shouldContain "No account is linked"
            val shown = telegram.shownIn(kim.account).size
            val after = requester.asked()
            broker.clock.moveSeconds(500)
            broker.awaitNotice(after, "asked", "sent", other)
            broker.awaitNotice(before, "half_time", "sent", other)
            broker.notices(after, kim).shouldBeEmpty()
            broker.awaitNotice(before, "half_time", "dropped", kim)
            telegram.shownIn(kim.account).size shouldBe shown
        }

        test("a broker without a bot has no such page, and no link to it") {
            TestBroker().use { plain ->
                val browser = plain.browser(plain.approver())
                browser.get("/sessions").text shouldNotContain "/telegram"
                browser.get("/telegram").status shouldBe 404
                browser.get("/sessions")
                browser.post("/telegram/code").status shouldBe 404
            }
        }
    })
