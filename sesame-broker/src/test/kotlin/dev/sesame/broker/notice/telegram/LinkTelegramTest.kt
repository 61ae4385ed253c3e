package dev.sesame.broker.notice.telegram

import dev.sesame.broker.TestBroker
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.cli.text
import dev.sesame.broker.http.shouldBeRefusedWith
import dev.sesame.broker.store.ids
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonPrimitive

class LinkTelegramTest :
    FunSpec({
        val telegram = autoClose(BotApiServer())
        val broker = autoClose(TelegramBroker(telegram))

        fun channelsOf(approverId: String) =
            broker.admin.get("/v1/admin/approvers").list("approvers").single { it.word("id") == approverId }.getValue("channels")

        test("a code is good for ten minutes, and not a moment longer") {
            val approver = broker.approver()
            val code = broker.codeFor(approver)
            val account = TelegramBroker.newAccount()
            broker.clock.moveSeconds(600)
            telegram.write(account, "/start $code")
            telegram.awaitShown(account).text shouldStartWith "This code doesn't count"
            channelsOf(approver.id) shouldBe JsonArray(emptyList())

            val newer = broker.codeFor(approver)
            broker.clock.moveSeconds(599)
            val other = TelegramBroker.newAccount()
            telegram.write(other, "/start $newer")
            telegram.awaitShown(other).text shouldStartWith "Linked"
            channelsOf(approver.id) shouldBe JsonArray(listOf(JsonPrimitive("telegram")))
        }

        test("a code is good once, and an older one not at all; nobody links from a group") {
            val approver = broker.approver()
            val older = broker.codeFor(approver)
            val code = broker.codeFor(approver)
            val (first, second, third) = List(3) { TelegramBroker.newAccount() }
            telegram.write(first, "/start $code", chat = telegram.privateChat(-100))
            telegram.write(second, "/start $code")
            telegram.awaitShown(second).text shouldStartWith "Linked"
            telegram.write(second, "/start $code")
            telegram.awaitShown(second, count = 2).text shouldStartWith "This code doesn't count"
            telegram.write(third, "/start $older")
            telegram.awaitShown(third).text shouldStartWith "This code doesn't count"
            telegram.shownIn(first).shouldBeEmpty()
        }

        test("whoever is not linked is told nothing of requests, whatever they write") {
            val id = broker.requester().asked()
            val stranger = TelegramBroker.newAccount()
            telegram.write(stranger, "/pending")
            telegram.write(stranger, "/$id")
            telegram.write(stranger, "/start")
            telegram.awaitShown(stranger).text shouldStartWith "This bot asks approvers"
            telegram.shownIn(stranger).size shouldBe 1
        }

        test("removing an approver unlinks: the buttons that are out don't count, and nothing more is told") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            val message = telegram.awaitShown(kim.account)
            broker.admin.post("/v1/admin/approvers/${kim.approver.id}/revoke").status shouldBe 200
            telegram.press(kim.account, message, "✅ Approve")
            telegram.await("it is said") { telegram.answers.lastOrNull() == "This account is not linked to an approver." }
            broker.admin.get("/v1/approvals/$id").text("status") shouldBe "pending"
            broker.admin.post("/v1/admin/approvers/${kim.approver.id}/link-telegram") shouldBeRefusedWith (404 to "not_found")
        }

        test("unlinking, by the command line as by HTTP") {
            val terminal = Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to broker.admin.bearer!!)
            val approver = broker.approver()
            val made = terminal.run("approvers", "link-telegram", approver.name, "--json").well().json
            made.text("code") shouldMatch "[a-z2-7]{26}"
            made.text("command") shouldBe "/start ${made.text("code")}"
            made.text("url") shouldBe "https://t.me/sesame_test_bot?start=${made.text("code")}"
            terminal.run("approvers", "link-telegram", approver.id).well().out shouldContain "/start "
            terminal.run("approvers", "unlink-telegram", approver.name).badly("not_found")

            val account = TelegramBroker.newAccount()
            telegram.write(account, "/start ${broker.codeFor(approver)}")
            telegram.awaitShown(account)
            terminal.run("approvers", "list").well().out shouldContain "telegram"
            terminal.run("approvers", "unlink-telegram", approver.name).well().out shouldContain "Unlinked"
            channelsOf(approver.id) shouldBe JsonArray(emptyList())
            terminal.run("approvers", "link-telegram", "nobody").badly("there is no nobody")
        }

        test("only an admin links, and only where a bot is set up") {
            val approver = broker.approver()
            approver.http.post("/v1/admin/approvers/${approver.id}/link-telegram") shouldBeRefusedWith (403 to "forbidden")
            broker.requester().http.post("/v1/admin/approvers/${approver.id}/unlink-telegram") shouldBeRefusedWith (403 to "forbidden")
            broker.admin.post("/v1/admin/approvers/${ids.approver()}/link-telegram") shouldBeRefusedWith (404 to "not_found")
            TestBroker().use { plain ->
                plain.admin.post("/v1/admin/approvers/${plain.approver().id}/link-telegram").let {
                    it shouldBeRefusedWith (404 to "not_found")
                    it.text("detail") shouldContain "SESAME_TELEGRAM_BOT_TOKEN"
                }
            }
        }
    })
