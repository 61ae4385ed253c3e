package dev.sesame.broker.notice.telegram

import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.groupOf
import dev.sesame.broker.http.askOn
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

/** Over which channels people are told, and when again, as a policy's rule says. */
class PolicyNoticesTest :
    FunSpec({
        val broker = autoClose(TelegramBroker())
        val telegram = broker.telegram
        val requester = broker.requester()

        test("only the channels tell that the rule names: neither at the asking nor on demand does another; the inbox always does") {
            val kim = broker.linked()
            listOf("channels: []", "channels: [push]").forEach { line ->
                broker.askOn(line)
                val id = requester.asked()
                broker.notices(id).shouldBeEmpty()
                kim.approver.http.get("/v1/inbox").ids.contains(id) shouldBe true
            }
            telegram.write(kim.account, "/pending")
            telegram.awaitShown(kim.account).text shouldContain "Nothing waits for your answer."
            broker.askOn("channels: [push, telegram]")
            broker.awaitNotice(requester.asked(), "asked", "sent", kim)
        }

        test("reminders come at the rule's times, not to who has answered, and never at or after the expiry") {
            val (kim, ada) = List(2) { broker.linked() }
            broker.askOn("approvals_required: 2", "reminders: [600, 1200, 3600, 4000]")
            val id = requester.asked("expires_in" to 3_600)
            broker.notices(id, kim).map { it.word("kind") } shouldContainExactly listOf("asked", "reminder_1", "reminder_2")
            broker.awaitNotice(id, "asked", "sent", kim)
            broker.clock.moveSeconds(600)
            broker.awaitNotice(id, "reminder_1", "sent", kim)
            telegram.await("it says so") { telegram.shownIn(kim.account).last().text.startsWith("⏳ Still open") }
            ada.approver.approve(id)
            broker.clock.moveSeconds(600)
            broker.awaitNotice(id, "reminder_2", "sent", kim)
            broker.notices(id, ada).single { it.word("kind") == "reminder_2" }.word("state") shouldBe "dropped"
        }

        test("where the expiry is put off, the reminders in between come too, at their own times") {
            val kim = broker.linked()
            broker.askOn("reminders: [600, 5000]")
            val id = requester.asked("expires_in" to 3_600)
            kim.approver.http.post("/v1/approvals/$id/extend", "expires_in" to 10_000).status shouldBe 200
            val due = broker.notices(id, kim).filter { it.word("kind") != "asked" }.associate { it.word("kind") to it.word("next_at") }
            due shouldBe mapOf(
                "reminder_1" to "${broker.clock.instant().plusSeconds(600)}",
                "reminder_2" to "${broker.clock.instant().plusSeconds(5_000)}",
            )
        }

        test("an empty list of reminders is none") {
            val kim = broker.linked()
            broker.askOn("reminders: []")
            broker.notices(requester.asked(), kim).map { it.word("kind") } shouldContainExactly listOf("asked")
        }

        test("when it escalates, those who may answer from then on are told, once, and reminded with the others; the others aren't again") {
            val (kim, ada) = List(2) { broker.linked() }
            val both = broker.linked()
            val first = broker.groupOf(kim.approver, both.approver)
            val later = broker.groupOf(ada.approver, both.approver)
            broker.askOn("groups: [\"$first\"]", "reminders: [60, 900]", "escalation: {after: 600, groups: [\"$later\"]}")
            val id = requester.asked()
            broker.awaitNotice(id, "asked", "sent", kim)
            broker.notices(id, ada).shouldBeEmpty()
            broker.clock.moveSeconds(600)
            broker.awaitNotice(id, "asked", "sent", ada)
            broker.notices(id, ada).map { it.word("kind") } shouldContainExactly listOf("asked", "reminder_2")
            listOf(kim, both).forEach { who -> broker.notices(id, who).count { it.word("kind") == "asked" } shouldBe 1 }
            broker.clock.moveSeconds(300)
            listOf(kim, ada, both).forEach { broker.awaitNotice(id, "reminder_2", "sent", it) }
            telegram.press(ada.account, telegram.shownIn(ada.account).last(), "✅ Approve")
            awaitThat("it counts") { requester.read(id).text("status") == "approved" }
        }
    })
