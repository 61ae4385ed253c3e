package dev.sesame.broker.store

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.Mode
import dev.sesame.Person
import dev.sesame.broker.access.Role
import dev.sesame.rules.Command
import dev.sesame.rules.Electorate
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Duration

/** What every adapter of [ApprovalStore] promises about single approvals. */
internal abstract class ApprovalStoreContract(fresh: () -> Stores) :
    FunSpec({
        val stores = autoClose(fresh())
        val store = stores.approvals

        test("what was committed is found as it was, and an unknown id is not found") {
            val asked = stores.opened(question(stores.requester(), dedupKey = "key"))
            store.find(asked.id) shouldBe asked
            store.find(ids.approval()).shouldBeNull()
        }

        test("a commit at the present version is stored") {
            val asked = stores.opened(question(stores.requester()))
            val denied = asked.after(vote(stores.approver(), Answer.DENY))
            store.commit(1, denied, start) shouldBe true
            store.find(asked.id)?.progress?.status shouldBe ApprovalStatus.DENIED
            store.find(asked.id)?.version shouldBe 2
        }

        test("a commit at another version changes nothing") {
            val asked = stores.opened(question(stores.requester()))
            val cancelled = asked.after(Command.Cancel)
            store.commit(2, cancelled, start) shouldBe false
            store.commit(0, cancelled, start) shouldBe false
            store.find(asked.id) shouldBe asked
        }

        test("a commit to an approval that is not there is refused") {
            val never = opening(question(stores.requester())).after
            store.commit(1, never.after(Command.Cancel), start) shouldBe false
            store.find(never.id).shouldBeNull()
        }

        test("of many commits at one version exactly one is stored, and that one stays") {
            repeat(20) {
                val asked = stores.opened(question(stores.requester()))
                val voters = List(4) { stores.approver() }
                val transitions = voters.map { asked.after(vote(it)) }
                val won = coroutineScope { transitions.map { async(Dispatchers.IO) { store.commit(1, it, start) } }.awaitAll() }
                won shouldContainExactlyInAnyOrder listOf(true, false, false, false)
                store.find(asked.id)?.progress?.decision?.by?.id shouldBe voters[won.indexOf(true)].id
            }
        }

        test("a taken dedup key refuses another approval, until the first is cancelled") {
            val requester = stores.requester()
            val first = stores.opened(question(requester, dedupKey = "key"))
            val second = question(requester, dedupKey = "key")
            store.commit(0, opening(second), start) shouldBe false
            store.findByDedupKey(requester.id, Mode.LIVE, "key")?.id shouldBe first.id

            store.commit(1, first.after(Command.Cancel), start) shouldBe true
            store.findByDedupKey(requester.id, Mode.LIVE, "key").shouldBeNull()
            store.commit(0, opening(second), start) shouldBe true
            store.findByDedupKey(requester.id, Mode.LIVE, "key")?.id shouldBe second.id
        }

        test("a dedup key is taken for one requester and one mode alone, and no key is never taken") {
            val requester = stores.requester()
            stores.opened(question(requester, dedupKey = "key"))
            stores.opened(question(requester, dedupKey = "key").copy(mode = Mode.TEST))
            stores.opened(question(stores.requester(), dedupKey = "key"))
            stores.opened(question(requester))
            stores.opened(question(requester))
            store.findByDedupKey(requester.id, Mode.of("other"), "key").shouldBeNull()
        }

        test("an id that is there already is refused") {
            val asked = stores.opened(question(stores.requester()))
            store.commit(0, opening(asked.question.copy(summary = "another")), start) shouldBe false
            store.find(asked.id) shouldBe asked
        }

        test("what was judged by who might answer before isn't stored once others may") {
            val asked = stores.opened(question(stores.requester()))
            stores.approver(Role.ADMIN)
            val removed = stores.approver()
            val before = stores.access.electorate().version
            stores.access.revokeApprover(removed.id, start) shouldBe true
            store.commit(1, asked.after(vote(removed)), start, judgedBy = before) shouldBe false
            store.find(asked.id) shouldBe asked

            val active = stores.approver()
            val now = stores.access.electorate().version
            store.commit(1, asked.after(vote(active)), start, judgedBy = now) shouldBe true
        }

        test("an expiry that is put off is what falls due, also after a restart") {
            val asked = stores.opened(question(stores.requester(), expiresInSeconds = 20))
            val by = Person("pe_1", "Ada")
            val extend = Command.Extend(by, start.plusSeconds(90), Duration.ofDays(1), asker = null, Electorate(mapOf(by.id to emptySet())))
            store.commit(1, asked.after(extend), start) shouldBe true
            stores.reopen()
            val extended = store.find(asked.id)!!
            extended.question shouldBe asked.question.copy(expiresAt = start.plusSeconds(90))
            extended.progress.extensions.map { it.from to it.to } shouldBe listOf(start.plusSeconds(20) to start.plusSeconds(90))
            store.due(start.plusSeconds(89), 100).contains(asked.id) shouldBe false
            store.due(start.plusSeconds(90), 100).contains(asked.id) shouldBe true
        }

        test("due are the pending ones whose expiry has come, the oldest expiry first, as many as wanted") {
            val requester = stores.requester()
            val due = listOf(30L, 10L, 20L).map { stores.opened(question(requester, expiresInSeconds = it)) }
            stores.opened(question(requester, expiresInSeconds = 31))
            val decided = stores.opened(question(requester, expiresInSeconds = 5))
            store.commit(1, decided.after(Command.Cancel), start) shouldBe true

            store.dueTimes().ends shouldBe start.plusSeconds(10)
            store.due(start.plusSeconds(30), 10) shouldContainExactly listOf(due[1].id, due[2].id, due[0].id)
            store.due(start.plusSeconds(30), 2) shouldContainExactly listOf(due[1].id, due[2].id)
            store.due(start.plusSeconds(20).minusMillis(1), 10) shouldContainExactly listOf(due[1].id)
            due.forEach { store.commit(1, it.after(Command.Expire, start.plusSeconds(40)), start) shouldBe true }
            store.due(start.plusSeconds(30), 10) shouldBe emptyList()
            store.dueTimes().ends shouldBe start.plusSeconds(31)
        }

        test("pending ones are counted for their requester and mode, up to the limit") {
            val requester = stores.requester()
            val asked = List(5) { stores.opened(question(requester)) }
            stores.opened(question(requester).copy(mode = Mode.TEST))
            stores.opened(question(stores.requester()))
            store.commit(1, asked[0].after(Command.Cancel), start) shouldBe true

            store.countPending(requester.id, Mode.LIVE, 10) shouldBe 4
            store.countPending(requester.id, Mode.LIVE, 3) shouldBe 3
            store.countPending(stores.requester().id, Mode.LIVE, 3) shouldBe 0
        }

        test("everything is there after the database was closed and opened again") {
            val requester = stores.requester()
            val asked = stores.opened(question(requester, dedupKey = "kept"))
            val approved = asked.after(vote(stores.approver()))
            store.commit(1, approved, start) shouldBe true
            stores.reopen()
            val found = store.find(asked.id)!!
            found.question shouldBe asked.question
            found.version shouldBe 2
            found.progress.decision?.by?.id shouldBe approved.after.progress.decision?.by?.id
            found.progress.validUntil shouldBe approved.after.progress.validUntil
            store.findByDedupKey(requester.id, Mode.LIVE, "kept")?.id shouldBe asked.id
        }
    })
