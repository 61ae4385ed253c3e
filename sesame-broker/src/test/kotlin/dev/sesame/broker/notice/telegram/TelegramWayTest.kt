package dev.sesame.broker.notice.telegram

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.util.concurrent.TimeUnit

/** The whole way: asked, told in Telegram, answered there, and whoever waits goes on. */
class TelegramWayTest :
    FunSpec({
        val telegram = autoClose(BotApiServer())
        val broker = autoClose(TelegramBroker(telegram))

        test("asked, told with buttons, approved with one tap: the waiting caller goes on, and every message says who decided") {
            val kim = broker.linked()
            val ada = broker.linked()
            val requester = broker.requester()
            val id = requester.asked("reason" to "twice charged", "context" to mapOf("order" to "A-1001"), "risk_score" to 0.25)
            val waiting = requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50")

            val message = telegram.awaitShown(kim.account)
            listOf("Refund A-1001", "payments.refund", "twice charged", "order = A-1001", requester.name, "Risk: 0.25", id).forEach {
                message.text shouldContain it
            }
            message.labels shouldContainExactly listOf("✅ Approve", "⛔ Deny", "⛔ Deny with a note", "Open its page")
            message.link("Open its page") shouldBe "https://sesame.example/approvals/$id"
            telegram.awaitShown(ada.account)

            telegram.press(kim.account, message, "✅ Approve")
            val decided = waiting.get(20, TimeUnit.SECONDS)
            decided.text("status") shouldBe "approved"
            (decided.text("decision.via") to decided.text("decision.by.name")) shouldBe ("telegram" to kim.approver.name)
            telegram.await("both messages say so") {
                listOf(kim, ada).all { who -> telegram.shownIn(who.account).single().text.startsWith("✅ Approved by ${kim.approver.name}") }
            }
            listOf(kim, ada).forEach { telegram.shownIn(it.account).single().labels.shouldBeEmpty() }
            telegram.answers.last() shouldContain "Approved by ${kim.approver.name}"
            broker.awaitNotice(id, "decided", "sent", kim)
        }

        test("denied elsewhere: the message says who did, and its buttons are gone") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            telegram.awaitShown(kim.account)
            broker.approver().let { it.decide(id, "deny", "note" to "not on a Friday").text("status") shouldBe "denied" }
            telegram.await("it says so") { telegram.shownIn(kim.account).single().text.startsWith("⛔ Denied by") }
            telegram.shownIn(kim.account).single().let {
                it.text shouldContain "not on a Friday"
                it.labels.shouldBeEmpty()
            }
        }

        test("denied with a note: the bot asks why, and only the reply denies") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            telegram.press(kim.account, telegram.awaitShown(kim.account), "⛔ Deny with a note")
            val question = telegram.awaitShown(kim.account, count = 2)
            question.asksToReply shouldBe true
            broker.admin.get("/v1/approvals/$id").text("status") shouldBe "pending"
            telegram.write(kim.account, "the order was never paid", replyTo = question.id)
            val denied = broker.awaitStatus(id, "denied")
            denied.text("decision.note") shouldBe "the order was never paid"
            denied.text("decision.by.name") shouldBe kim.approver.name
        }

        test("expired: the message says so") {
            val kim = broker.linked()
            val id = broker.requester().asked("expires_in" to 60)
            telegram.awaitShown(kim.account)
            broker.clock.moveSeconds(61)
            broker.awaitStatus(id, "expired")
            telegram.await("it says so") { telegram.shownIn(kim.account).single().text.startsWith("⛔ Expired") }
        }

        test("a high risk can't be answered by a tap: the button leads to the page") {
            val kim = broker.linked()
            val id = broker.requester().asked("risk_score" to 0.8)
            val message = telegram.awaitShown(kim.account)
            message.labels shouldContainExactly listOf("Open its page")
            message.text shouldContain "./sesame approve $id"
        }

        test("/pending lists what is open, and an id shows one with its buttons") {
            val kim = broker.linked()
            val ids = List(2) { broker.requester().asked("summary" to "open $it") }
            telegram.awaitShown(kim.account, count = 2)
            telegram.write(kim.account, "/pending")
            val list = telegram.awaitShown(kim.account, count = 3)
            ids.forEach { list.ours shouldContain "/$it" }
            list.labels.shouldBeEmpty()
            telegram.write(kim.account, "/${ids[0]}")
            val shown = telegram.awaitShown(kim.account, count = 4)
            telegram.press(kim.account, shown, "✅ Approve")
            broker.awaitStatus(ids[0], "approved")
            telegram.await("both messages about it say so") {
                telegram.shownIn(kim.account).count { it.text.startsWith("✅ Approved") } == 2
            }
            telegram.write(kim.account, "/${ids[0]}")
            telegram.awaitShown(kim.account, count = 5).text shouldStartWith "✅ Approved"
        }

        test("who was removed isn't asked any more") {
            val kim = broker.linked()
            val gone = broker.linked()
            broker.admin.post("/v1/admin/approvers/${gone.approver.id}/revoke").status shouldBe 200
            val id = broker.requester().asked()
            telegram.awaitShown(kim.account)
            telegram.shownIn(gone.account).shouldBeEmpty()
            broker.notices(id, gone) shouldHaveSize 0
        }
    })
