package dev.sesame.broker.store

import dev.sesame.Answer
import dev.sesame.Mode
import dev.sesame.Person
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Group
import dev.sesame.broker.access.Role
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.notice.NoticeKind.ASKED
import dev.sesame.broker.notice.NoticeKind.DECIDED
import dev.sesame.broker.notice.NoticeKind.HALF_TIME
import dev.sesame.broker.notice.NoticeKind.LAST_CALL
import dev.sesame.broker.notice.NoticeKind.REMINDER_1
import dev.sesame.broker.notice.NoticeKind.REMINDER_2
import dev.sesame.broker.notice.NoticeKind.REMINDER_3
import dev.sesame.broker.notice.NoticeKind.SHOWN
import dev.sesame.broker.notice.NoticeKind.VOTED
import dev.sesame.broker.notice.NoticeState
import dev.sesame.broker.notice.NoticeState.DROPPED
import dev.sesame.broker.notice.NoticeState.FAILED
import dev.sesame.broker.notice.NoticeState.PENDING
import dev.sesame.broker.notice.NoticeState.SENT
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import dev.sesame.rules.Electorate
import dev.sesame.rules.EscalationPlan
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Duration

/** What every adapter of [NoticeStore] promises, and [ApprovalStore] about the notices that its commits owe. */
internal abstract class NoticeStoreContract(fresh: () -> Stores) :
    FunSpec({
        suspend fun Stores.contactOf(approver: Approver): Contact {
            val hash = ids.bare()
            telegram.keepCode(hash, approver.id, start.plusSeconds(9_999))
            return (telegram.link(hash, "${approver.id.hashCode()}", start, 1_000) as Linked.Done).contact
        }

        suspend fun Stores.reached(role: Role = Role.APPROVER): Contact = contactOf(approver(role))

        suspend fun Stores.of(record: ApprovalRecord): List<Notice> = notices.noticesOf(record.id, 100)

        fun List<Notice>.about(): List<Pair<NoticeKind, NoticeState>> = map { it.kind to it.state }

        test("a question owes to each whom a channel reaches that it was asked, and two reminders at their time") {
            fresh().use { stores ->
                val contacts = List(2) { stores.reached() }
                stores.approver()
                val asked = stores.opened(question(stores.requester(), expiresInSeconds = 1_000))
                contacts.forEach { contact ->
                    stores.of(asked).filter { it.contact == contact }.map { it.kind to it.nextAt } shouldContainExactly listOf(
                        ASKED to start,
                        HALF_TIME to start.plusSeconds(500),
                        LAST_CALL to start.plusSeconds(900),
                    )
                }
                stores.of(asked).size shouldBe 6
            }
        }

        test("of many that are stored at once each owes its own, in its order") {
            fresh().use { stores ->
                stores.reached()
                val asked = stores.openedTogether(30, stores.requester())
                coroutineScope { asked.map { async { stores.approvals.commit(1, it.after(Command.Cancel), start) } }.awaitAll() }
                val owed = listOf(ASKED, HALF_TIME, LAST_CALL).map { it to DROPPED } + (DECIDED to PENDING)
                asked.forEach { stores.of(it).about() shouldContainExactly owed }
            }
        }

        test("a short question has no reminders; a test's reaches nobody; nor does any where no channel is on") {
            fresh().use { stores ->
                stores.reached()
                val requester = stores.requester()
                stores.of(stores.opened(question(requester, expiresInSeconds = 599))).about() shouldContainExactly listOf(ASKED to PENDING)
                stores.of(stores.opened(question(requester).copy(mode = Mode.TEST))).shouldBeEmpty()
                stores.channels = emptySet()
                stores.of(stores.opened(question(requester))).shouldBeEmpty()
            }
        }

        test("nobody is told who stands behind the requester, or was removed; removing ends what was still to be told") {
            fresh().use { stores ->
                val owner = stores.approver()
                val gone = stores.approver()
                stores.contactOf(owner)
                val contact = stores.contactOf(gone)
                val before = stores.opened(question(stores.requester()))
                stores.access.revokeApprover(gone.id, start.plusSeconds(5)) shouldBe true
                stores.of(before).filter { it.contact == contact }.forEach { (it.state to it.detail) shouldBe (DROPPED to "unlinked") }
                stores.notices.contact("telegram", contact.address).shouldBeNull()
                stores.notices.contacts().map { it.approverId } shouldContainExactly listOf(owner.id)
                stores.of(stores.opened(question(stores.requester(ownerId = owner.id)))).shouldBeEmpty()
            }
        }

        test("only those are told whose answer would count: of the groups asked, the requester's owner where that may answer") {
            fresh().use { stores ->
                val (member, owner, stranger) = List(3) { stores.approver() }
                val contacts = listOf(member, owner, stranger).map { stores.contactOf(it) }
                stores.access.add(Group(ids.group(), "finance", start, memberIds = listOf(member.id, owner.id)))
                val asked = question(stores.requester(ownerId = owner.id)).copy(groups = listOf("finance", "security"))
                stores.of(stores.opened(asked)).map { it.contact }.distinct() shouldContainExactly listOf(contacts[0])
                val allowed = stores.of(stores.opened(asked.copy(id = ids.approval(), allowSelf = true)))
                allowed.map { it.contact }.distinct() shouldContainExactlyInAnyOrder contacts.take(2)
            }
        }

        test("where the expiry is put off, reminders come by the new one, and a last call that was made comes again") {
            fresh().use { stores ->
                val contact = stores.reached()
                val asked = stores.opened(question(stores.requester(), expiresInSeconds = 1_000))
                val sent = stores.of(asked).filter { it.kind == ASKED || it.kind == LAST_CALL }
                stores.notices.record(sent.map { it.seq }, Attempted(SENT, nextAt = null, detail = null), start.plusSeconds(901))
                val by = Person("pe_1", "Ada")
                val extend =
                    Command.Extend(by, start.plusSeconds(4_000), Duration.ofDays(1), asker = null, Electorate(mapOf(by.id to emptySet())))
                stores.approvals.commit(1, asked.after(extend), start.plusSeconds(902)) shouldBe true
                stores.of(asked).filter { it.contact == contact }.map { Triple(it.kind, it.state, it.nextAt) } shouldContainExactly listOf(
                    Triple(ASKED, SENT, null),
                    Triple(HALF_TIME, PENDING, start.plusSeconds(2_000)),
                    Triple(LAST_CALL, PENDING, start.plusSeconds(3_600)),
                )
            }
        }

        test("a rule's reminders come at its times and before the expiry, later ones once that is put off; over its channels alone") {
            fresh().use { stores ->
                val contact = stores.reached()
                val ruled = question(stores.requester(), expiresInSeconds = 1_000).copy(remindAfterSeconds = listOf(60, 999, 1_000, 4_000))
                val asked = stores.opened(ruled)
                fun times(of: List<Notice>) = of.filter { it.contact == contact }.map { it.kind to it.nextAt }
                val first = listOf(ASKED to start, REMINDER_1 to start.plusSeconds(60), REMINDER_2 to start.plusSeconds(999))
                times(stores.of(asked)) shouldContainExactly first
                val by = Person("pe_1", "Ada")
                val extend =
                    Command.Extend(by, start.plusSeconds(2_000), Duration.ofDays(1), asker = null, Electorate(mapOf(by.id to emptySet())))
                stores.approvals.commit(1, asked.after(extend), start.plusSeconds(902)) shouldBe true
                times(stores.of(asked)) shouldContainExactly first + (REMINDER_3 to start.plusSeconds(1_000))
                stores.of(stores.opened(ruled.copy(id = ids.approval(), channels = listOf("push")))).shouldBeEmpty()
                stores.of(stores.opened(ruled.copy(id = ids.approval(), channels = emptyList()))).shouldBeEmpty()
            }
        }

        test("an escalation is told once to those who are asked by it, with the reminders that are still to come") {
            fresh().use { stores ->
                val (ann, bob, both) = List(3) { stores.approver() }
                val (first, added) = listOf(ann, bob).map { stores.contactOf(it) }
                stores.contactOf(both)
                stores.access.add(Group(ids.group(), "ops", start, memberIds = listOf(ann.id, both.id)))
                stores.access.add(Group(ids.group(), "board", start, memberIds = listOf(bob.id, both.id)))
                val plan = EscalationPlan(start.plusSeconds(600), listOf("board"))
                val asked = stores.opened(
                    question(stores.requester(), expiresInSeconds = 1_000).copy(groups = listOf("ops"), escalation = plan),
                )
                val before = stores.of(asked)
                before.map { it.contact.approverId }.toSet() shouldBe setOf(ann.id, both.id)
                stores.approvals.dueTimes().escalates shouldBe start.plusSeconds(600)
                stores.approvals.escalating(start.plusSeconds(599), 10).shouldBeEmpty()
                stores.approvals.escalating(start.plusSeconds(600), 10) shouldContainExactly listOf(asked.id)
                val at = start.plusSeconds(601)
                stores.approvals.commit(1, asked.after(Command.Escalate, at), at) shouldBe true
                stores.approvals.escalating(start.plusSeconds(9_999), 10).shouldBeEmpty()
                stores.of(asked).filter { it.contact != added } shouldContainExactly before
                stores.of(asked).filter { it.contact == added }.map { it.kind to it.nextAt } shouldContainExactly
                    listOf(ASKED to at, LAST_CALL to start.plusSeconds(900))
                before.count { it.contact == first } shouldBe 3
            }
        }

        listOf(Command.Cancel, Command.Expire).forEach { command ->
            test("$command drops what was still to be told and owes that it is over") {
                fresh().use { stores ->
                    val contact = stores.reached()
                    val at = start.plusSeconds(4_000)
                    val decided = stores.decided(stores.requester(), at = at, command = command)
                    stores.of(decided).about() shouldContainExactly
                        listOf(ASKED to DROPPED, HALF_TIME to DROPPED, LAST_CALL to DROPPED, DECIDED to PENDING)
                    stores.notices.due("telegram", contact.address, at, 100).map { it.kind } shouldContainExactly listOf(DECIDED)
                }
            }
        }

        test("a vote that doesn't decide ends the voter's reminders, and no other's") {
            fresh().use { stores ->
                val voter = stores.approver()
                val voting = stores.contactOf(voter)
                val other = stores.reached()
                val asked = stores.opened(question(stores.requester(), approvalsRequired = 2))
                stores.approvals.commit(1, asked.after(vote(voter, Answer.APPROVE)), start.plusSeconds(1)) shouldBe true
                stores.of(asked).filter { it.contact == voting }.about() shouldContainExactly
                    listOf(ASKED to DROPPED, HALF_TIME to DROPPED, LAST_CALL to DROPPED, VOTED to PENDING)
                stores.of(asked).filter { it.contact == other }.map { it.state }.distinct() shouldContainExactly listOf(PENDING)
            }
        }

        test("a commit that came too late owes nothing") {
            fresh().use { stores ->
                stores.reached()
                val asked = stores.opened(question(stores.requester()))
                stores.approvals.commit(7, asked.after(Command.Cancel), start) shouldBe false
                stores.of(asked).map { it.kind } shouldContainExactly listOf(ASKED, HALF_TIME, LAST_CALL)
            }
        }

        test("contacts with something due come the longest due first, each once; of each, the longest due first") {
            fresh().use { stores ->
                val first = stores.reached()
                val early = List(3) { stores.opened(question(stores.requester(), afterSeconds = it.toLong())) }
                val second = stores.reached()
                stores.opened(question(stores.requester(), afterSeconds = 10))
                val now = start.plusSeconds(20)
                stores.notices.contactsDue("telegram", now, 100) shouldContainExactly listOf(first.address, second.address)
                stores.notices.contactsDue("telegram", now, 1) shouldContainExactly listOf(first.address)
                stores.notices.contactsDue("telegram", start.plusSeconds(5), 100) shouldContainExactly listOf(first.address)
                stores.notices.contactsDue("push", now, 100).shouldBeEmpty()
                listOf("telegram", "push").map { stores.notices.areOwed(it) } shouldContainExactly listOf(true, false)
                stores.notices.due("telegram", first.address, now, 3).map { it.approvalId } shouldContainExactly early.map { it.id }
            }
        }

        test("what came of it is kept; what is tried again is due then, and what was dropped meanwhile stays dropped") {
            fresh().use { stores ->
                val contact = stores.reached()
                val asked = stores.opened(question(stores.requester(), expiresInSeconds = 60))
                val notice = stores.of(asked).single()
                val later = start.plusSeconds(30)
                stores.notices.record(listOf(notice.seq), Attempted(PENDING, "no answer", later), start.plusSeconds(1))
                stores.of(asked).single() shouldBe notice.copy(nextAt = later, attempts = 1, detail = "no answer")
                stores.notices.record(listOf(notice.seq), Attempted(PENDING, "busy", later, counts = false), start.plusSeconds(1))
                stores.of(asked).single().attempts shouldBe 1
                stores.notices.putOff("telegram", contact.address, later.plusSeconds(5))
                stores.notices.due("telegram", contact.address, later, 10).shouldBeEmpty()
                stores.approvals.commit(1, asked.after(Command.Cancel), later) shouldBe true
                stores.notices.record(listOf(notice.seq), Attempted(PENDING, "again", later), later)
                stores.of(asked).first().let { (it.state to it.detail) shouldBe (DROPPED to "decided before it was sent") }
                stores.notices.record(listOf(notice.seq), Attempted(SENT, null), later)
                stores.of(asked).first().let { listOf(it.state, it.endedAt, it.attempts) shouldBe listOf(SENT, later, 2) }
            }
        }

        test("to be shown it once more makes it due once more, and so does a decision that a message doesn't tell") {
            fresh().use { stores ->
                val asked = stores.opened(question(stores.requester(), expiresInSeconds = 60))
                val contact = stores.reached()
                repeat(2) {
                    stores.notices.show(asked.id, contact, start.plusSeconds(5))
                    val shown = stores.of(asked).single()
                    (shown.kind to shown.state) shouldBe (SHOWN to PENDING)
                    stores.notices.record(listOf(shown.seq), Attempted(SENT, null), start.plusSeconds(6))
                }
                stores.approvals.commit(1, asked.after(Command.Cancel), start.plusSeconds(7)) shouldBe true
                stores.of(asked).about() shouldContainExactly listOf(SHOWN to SENT, DECIDED to PENDING)
                stores.notices.record(listOf(stores.of(asked).last().seq), Attempted(SENT, null), start.plusSeconds(8))
                stores.notices.tellDecisionAgain(asked.id, contact, start.plusSeconds(9))
                stores.of(asked).about() shouldContainExactly listOf(SHOWN to SENT, DECIDED to PENDING)
            }
        }

        test("an account that went from one person to another is told once, and the decision is not held up by it") {
            fresh().use { stores ->
                val ann = stores.reached()
                val asked = stores.opened(question(stores.requester(), expiresInSeconds = 1_000))
                val hash = ids.bare()
                val bob = stores.approver()
                stores.telegram.keepCode(hash, bob.id, start.plusSeconds(9_999))
                val account = (stores.telegram.link(hash, ann.address, start, 1_000) as Linked.Done).contact
                stores.notices.show(asked.id, account, start.plusSeconds(1))
                stores.approvals.commit(1, asked.after(Command.Cancel), start.plusSeconds(2)) shouldBe true
                stores.of(asked).filter { it.kind == DECIDED }.map { it.contact.approverId } shouldContainExactly listOf(bob.id)
            }
        }

        test("what waits for a channel that is off is dropped; the others' is not") {
            fresh().use { stores ->
                stores.reached()
                val asked = stores.opened(question(stores.requester(), expiresInSeconds = 60))
                stores.notices.dropOthers(setOf("telegram"), start)
                stores.of(asked).about() shouldContainExactly listOf(ASKED to PENDING)
                stores.notices.dropOthers(emptySet(), start)
                stores.of(asked).about() shouldContainExactly listOf(ASKED to DROPPED)
            }
        }

        test("they are forgotten with their approval, with what the channel kept of it") {
            fresh().use { stores ->
                val contact = stores.reached()
                val old = stores.decided(stores.requester())
                stores.telegram.keepMessage(KeptMessage(contact.address, 1, old.id))
                val button = KeptButton("hash", old.id, contact.approverId, contact.address, KeptButton.Meaning.DENY)
                stores.telegram.keepButtons(listOf(button))
                stores.approvals.forget(start.plusSeconds(50), 100, start.plusSeconds(50)) shouldBe 1
                stores.of(old).shouldBeEmpty()
                stores.telegram.messagesOf(old.id, contact.address, 10).shouldBeEmpty()
                stores.telegram.button("hash").shouldBeNull()
            }
        }

        test("what was owed is there after a restart") {
            fresh().use { stores ->
                val contacts = List(2) { stores.reached() }
                val asked = stores.opened(question(stores.requester()))
                stores.reopen()
                stores.of(asked).map { it.contact }.distinct() shouldContainExactlyInAnyOrder contacts
            }
        }

        test("what waits is counted by channel, up to a bound; what was sent or failed, since a time and among the newest") {
            fresh().use { stores ->
                stores.reached()
                stores.opened(question(stores.requester(), expiresInSeconds = 1_000)) // it was asked, and two reminders
                val due = stores.of(stores.opened(question(stores.requester(), expiresInSeconds = 100)))
                stores.notices.count("telegram", start, 100) shouldBe NoticeCount(waiting = 4, sent = 0, failed = 0)
                stores.notices.count("telegram", start, 3).waiting shouldBe 3
                stores.notices.record(due.map { it.seq }, Attempted(SENT, null), start.plusSeconds(5))
                stores.notices.count("telegram", start, 100) shouldBe NoticeCount(waiting = 3, sent = 1, failed = 0)
                stores.notices.record(due.map { it.seq }, Attempted(FAILED, "blocked"), start.plusSeconds(6))
                stores.notices.count("telegram", start.plusSeconds(6), 100) shouldBe NoticeCount(waiting = 3, sent = 0, failed = 1)
                stores.notices.count("telegram", start.plusSeconds(7), 100).failed shouldBe 0
                stores.notices.count("telegram", start, 0) shouldBe NoticeCount(0, 0, 0)
                stores.notices.count("push", start, 100) shouldBe NoticeCount(0, 0, 0)
            }
        }
    })
