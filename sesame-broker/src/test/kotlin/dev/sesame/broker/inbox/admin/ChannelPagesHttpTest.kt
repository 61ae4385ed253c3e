package dev.sesame.broker.inbox.admin

import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.notice.telegram.BotApiServer
import dev.sesame.broker.notice.telegram.LinkedApprover
import dev.sesame.broker.notice.telegram.TelegramBroker
import dev.sesame.broker.signInLink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class ChannelPagesHttpTest :
    FunSpec({
        val telegram = autoClose(BotApiServer())
        val broker = autoClose(TelegramBroker(telegram, publicUrl = null))

        fun browserOf(linked: LinkedApprover) = Browser(broker.url).also { it.signIn(broker.signInLink(linked.approver)) }

        fun Browser.tested(): String = after(post("/admin/channels/telegram/test")).text

        test("a channel that is off says what turns it on, and can't be tried") {
            TestBroker().use { without ->
                val admin = without.adminBrowser()
                admin.get("/admin/channels").text.also {
                    it shouldContain "Turn it on with <code>SESAME_TELEGRAM_BOT_TOKEN</code>"
                    it shouldNotContain "Send me a test by Telegram"
                }
                admin.get("/admin/requesters") // for a form's token
                admin.post("/admin/channels/telegram/test").status shouldBe 404
            }
        }

        test("a test really writes to the admin's own account, and the page says so; it says what the channel reaches, and no secret") {
            val me = broker.linked("admin")
            val admin = browserOf(me)
            val page = admin.get("/admin/channels").text
            page shouldContain Regex(">[1-9][0-9]* of [0-9]+ approvers<")
            page shouldNotContain BotApiServer.TOKEN
            val others = telegram.messages.size
            admin.tested() shouldContain "sent. It should be there now."
            telegram.shownIn(me.account).single().text shouldContain "This is a test message"
            telegram.messages.size shouldBe others + 1
        }

        test("why a test didn't arrive is said: blocked by its person, or nobody linked") {
            val me = broker.linked("admin")
            val admin = browserOf(me)
            admin.get("/admin/channels")
            telegram.refuse =
                { call -> BotApiServer.Refusal(403, "Forbidden: bot was blocked by the user").takeIf { call.method == "sendMessage" } }
            admin.tested() shouldContain "refused: Forbidden: bot was blocked by the user"
            telegram.refuse = { null }
            val unlinked = broker.adminBrowser()
            unlinked.get("/admin/channels").text shouldNotContain "blocked by the user" // that was another's test
            unlinked.tested() shouldContain "nothing was sent: no Telegram account is linked to you"
        }

        test("what waits, was sent or failed in the last day is counted") {
            TelegramBroker(publicUrl = null).use { counted ->
                val person = counted.linked("admin")
                val admin = Browser(counted.url).also { it.signIn(counted.signInLink(person.approver)) }
                val id = counted.requester().asked()
                counted.awaitNotice(id, "asked", "sent", person)
                fun value(name: String) = Regex(
                    """<span class="name">$name</span><div class="value">([^<]*)</div>""",
                ).find(admin.get("/admin/channels").text)!!.groupValues[1]
                value("Sent in the last day") shouldBe "1"
                value("Waiting to be sent") shouldBe "2" // the reminders
                value("Failed in the last day") shouldBe "0"
            }
        }

        test("a code that is made for another approver is shown this once, and links who sends it; unlinking ends that") {
            val admin = broker.adminBrowser()
            val person = broker.approver()
            val path = "/admin/approvers/${person.id}"
            admin.get(path)
            val made = admin.post("$path/telegram")
            val account = TelegramBroker.newAccount()
            telegram.write(account, made.secret())
            telegram.await("$account is linked") { telegram.shownIn(account).any { it.text.startsWith("Linked.") } }
            admin.get(path).text.also {
                it shouldContain "Told by telegram"
                it shouldNotContain made.secret()
            }
            admin.after(admin.post("$path/telegram/unlink")).text shouldContain "No channel reaches them"
            admin.post("$path/telegram/unlink").status shouldBe 404
        }
    })
