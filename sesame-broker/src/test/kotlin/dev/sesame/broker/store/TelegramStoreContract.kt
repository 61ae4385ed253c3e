package dev.sesame.broker.store

import dev.sesame.broker.notice.Contact
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

/** What every adapter of [TelegramStore] promises. */
internal abstract class TelegramStoreContract(fresh: () -> Stores) :
    FunSpec({
        val stores = autoClose(fresh())
        val store = stores.telegram
        val expiry = start.plusSeconds(600)
        suspend fun contact(account: String) = stores.notices.contact("telegram", account)

        test("a code links one account, once, until it expires") {
            val approver = stores.approver()
            store.keepCode("a", approver.id, expiry)
            store.link("b", "1", start, 100) shouldBe Linked.WrongCode
            store.link("a", "1", expiry, 100) shouldBe Linked.WrongCode
            store.link("a", "1", expiry.minusMillis(1), 100) shouldBe Linked.Done(Contact("telegram", "1", approver.id))
            store.link("a", "2", start, 100) shouldBe Linked.WrongCode
            contact("1")?.approverId shouldBe approver.id
            contact("2").shouldBeNull()
        }

        test("a newer code takes the place of an older one, and a removed approver's doesn't count") {
            val approver = stores.approver()
            store.keepCode("old", approver.id, expiry)
            store.keepCode("new", approver.id, expiry)
            store.link("old", "10", start, 100) shouldBe Linked.WrongCode
            stores.access.revokeApprover(approver.id, start) shouldBe true
            store.link("new", "10", start, 100) shouldBe Linked.WrongCode
        }

        test("an approver has one account, and an account one approver: the last link counts") {
            val (first, second) = List(2) { stores.approver() }
            suspend fun link(approverId: String, account: String) {
                store.keepCode("$approverId $account", approverId, expiry)
                (store.link("$approverId $account", account, start, 100) is Linked.Done) shouldBe true
            }
            link(first.id, "20")
            link(first.id, "21")
            contact("20").shouldBeNull()
            link(second.id, "21")
            contact("21")?.approverId shouldBe second.id
            stores.notices.removeContacts("telegram", first.id, start) shouldBe false
            stores.notices.removeContacts("telegram", second.id, start) shouldBe true
            contact("21").shouldBeNull()
        }

        test("no more are linked than may be, but who is linked may change the account") {
            fresh().use { own ->
                val (first, second) = List(2) { own.approver() }
                own.telegram.keepCode("1", first.id, expiry)
                own.telegram.link("1", "1", start, 1)
                own.telegram.keepCode("2", second.id, expiry)
                own.telegram.link("2", "2", start, 1) shouldBe Linked.TooMany
                own.telegram.keepCode("3", first.id, expiry)
                own.telegram.link("3", "3", start, 1) shouldBe Linked.Done(Contact("telegram", "3", first.id))
            }
        }

        test("buttons of one approval in one chat are used up together") {
            val asked = stores.opened(question(stores.requester()))
            val approver = stores.approver()
            val buttons = listOf("1", "2").flatMap { chat ->
                KeptButton.Meaning.entries.map { KeptButton("$chat $it", asked.id, approver.id, chat, it) }
            }
            store.keepButtons(buttons)
            buttons.forEach { store.button(it.handleHash) shouldBe it }
            store.useUp(asked.id, "1", start)
            buttons.forEach { store.button(it.handleHash)?.isUsed shouldBe (it.chat == "1") }
            store.button("none").shouldBeNull()
        }

        test("messages are found by approval and chat, questions by their number alone") {
            val asked = stores.opened(question(stores.requester()))
            val message = KeptMessage("30", 5, asked.id)
            val question = KeptMessage("30", 6, asked.id, isQuestion = true)
            listOf(message, question, message.copy(chat = "31")).forEach { store.keepMessage(it) }
            store.keepMessage(question.copy(isQuestion = false))
            store.messagesOf(asked.id, "30", 10) shouldContainExactly listOf(message)
            store.keepMessage(message.copy(messageId = 7))
            store.messagesOf(asked.id, "30", 10).map { it.messageId } shouldContainExactly listOf(7L, 5L)
            store.messagesOf(asked.id, "30", 1).map { it.messageId } shouldContainExactly listOf(7L)
            store.message("30", 6) shouldBe question
            store.forgetMessage(message)
            store.message("30", 5).shouldBeNull()
            store.message("31", 5) shouldBe message.copy(chat = "31")
        }

        test("updates are known until they are old, whatever the order in which they came") {
            fresh().use { own ->
                val telegram = own.telegram
                telegram.lastUpdate(start).shouldBeNull()
                listOf(9L, 7L, 8L).forEach { telegram.keepUpdate(it, start.plusSeconds(it), start) }
                telegram.keepUpdate(7, start, start)
                listOf(7L, 8L, 9L).all { telegram.knows(it) } shouldBe true
                telegram.knows(6) shouldBe false
                telegram.lastUpdate(start) shouldBe 9L
                telegram.keepUpdate(3, start.plusSeconds(100), forgetBefore = start.plusSeconds(50))
                telegram.knows(9) shouldBe false
                telegram.lastUpdate(start.plusSeconds(50)) shouldBe 3L
            }
        }
    })
