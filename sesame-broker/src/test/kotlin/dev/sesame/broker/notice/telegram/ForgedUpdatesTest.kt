package dev.sesame.broker.notice.telegram

import dev.sesame.broker.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe

/** Updates that come twice, in another order, from others, or from nobody. */
class ForgedUpdatesTest :
    FunSpec({
        val telegram = autoClose(BotApiServer())
        val broker = autoClose(TelegramBroker(telegram))

        fun statusOf(id: String) = broker.admin.get("/v1/approvals/$id").text("status")

        fun answered(words: String, act: () -> Unit) {
            val before = telegram.answers.size
            act()
            telegram.await("the answer begins with $words") { telegram.answers.drop(before).any { it.startsWith(words) } }
        }

        test("a button counts only for the account that it was made for") {
            val kim = broker.linked()
            val eve = broker.linked()
            val id = broker.requester().asked()
            val message = telegram.awaitShown(kim.account)
            telegram.awaitShown(eve.account)
            answered("This button doesn't count") { telegram.press(eve.account, message, "✅ Approve") }
            answered("This account is not linked") { telegram.press(TelegramBroker.newAccount(), message, "✅ Approve") }
            statusOf(id) shouldBe "pending"
            telegram.press(kim.account, message, "⛔ Deny")
            broker.awaitStatus(id, "denied")
        }

        test("texts that no button carries count for nothing, whatever they are") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            val message = telegram.awaitShown(kim.account)
            listOf("approve", id, "approve:$id", "", "a".repeat(26), "'; DROP TABLE approvals; --", "é".repeat(500)).forEach {
                answered("This button doesn't count") { telegram.pressHandle(kim.account, message.id, it) }
            }
            statusOf(id) shouldBe "pending"
        }

        test("what happens in a group, or comes from another bot, is not looked at, though the button be right") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            val message = telegram.awaitShown(kim.account)
            val handle = message.handle("✅ Approve")
            telegram.press(kim.account, message, "✅ Approve", chat = json("id" to -100, "type" to "supergroup"))
            telegram.press(kim.account, message, "✅ Approve", chat = json("id" to kim.account, "type" to "group"))
            telegram.press(kim.account, message, "✅ Approve", chat = telegram.privateChat(kim.account + 1))
            val chat = json("message_id" to message.id, "chat" to telegram.privateChat(kim.account))
            telegram.happens(
                "callback_query" to
                    json("id" to "x", "from" to json("id" to kim.account, "is_bot" to true), "message" to chat, "data" to handle),
            )
            telegram.happens(
                "callback_query" to json("id" to "x", "from" to json("id" to "${kim.account}"), "message" to chat, "data" to handle),
            )
            telegram.happens("callback_query" to json("id" to "x", "data" to handle))
            telegram.happens("message" to json("text" to "/pending"))
            telegram.happens("poll" to json("id" to 1))
            telegram.write(kim.account, "/pending")
            telegram.awaitShown(kim.account, count = 2)
            statusOf(id) shouldBe "pending"
        }

        test("the same press, told again under its own and under other numbers, decides once") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            val message = telegram.awaitShown(kim.account)
            val update = telegram.press(kim.account, message, "✅ Approve")
            broker.awaitStatus(id, "approved")
            telegram.happens(*update.map { (name, value) -> name to value }.filter { it.first != "update_id" }.toTypedArray())
            answered("✅ Approved by ${kim.approver.name}") { telegram.press(kim.account, message, "✅ Approve") }
            broker.admin.get("/v1/approvals/$id").list("votes") shouldHaveSize 1
        }

        test("of two opposite answers the first one stands, whoever gave it") {
            val kim = broker.linked()
            val ada = broker.linked()
            val id = broker.requester().asked()
            val (hers, his) = telegram.awaitShown(ada.account) to telegram.awaitShown(kim.account)
            telegram.press(ada.account, hers, "⛔ Deny")
            telegram.press(kim.account, his, "✅ Approve")
            telegram.press(ada.account, hers, "✅ Approve")
            broker.awaitStatus(id, "denied").text("decision.by.name") shouldBe ada.approver.name
            telegram.await("both are told") { telegram.answers.count { it.startsWith("⛔ Denied by ${ada.approver.name}") } >= 3 }
            statusOf(id) shouldBe "denied"
        }

        test("a button of an account that is another approver's by now counts for neither") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            val message = telegram.awaitShown(kim.account)
            val ada = broker.approver()
            telegram.write(kim.account, "/start ${broker.codeFor(ada)}")
            telegram.await("linked anew") { telegram.shownIn(kim.account).any { it.text.startsWith("Linked") } }
            answered("This button doesn't count") { telegram.press(kim.account, message, "✅ Approve") }
            statusOf(id) shouldBe "pending"
        }

        test("a reply to anything but the question why is no denial") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            val message = telegram.awaitShown(kim.account)
            telegram.write(kim.account, "no!", replyTo = message.id)
            telegram.write(kim.account, "deny", replyTo = 1)
            telegram.await("the bot says what it is for") {
                telegram.shownIn(kim.account).count { it.text.startsWith("I ask you to decide") } ==
                    2
            }
            statusOf(id) shouldBe "pending"
        }
    })
