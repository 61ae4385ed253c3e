package dev.sesame.broker.store

import dev.sesame.ApprovalStatus
import dev.sesame.Mode
import dev.sesame.rules.ApprovalRules
import dev.sesame.rules.Command
import dev.sesame.rules.Event
import dev.sesame.rules.PolicyCode
import dev.sesame.rules.PolicyEffect
import dev.sesame.rules.PolicyRuling
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

/** What every adapter of [ApprovalStore] promises of what happened, to whoever follows it. */
internal abstract class ApprovalEventsContract(fresh: () -> Stores) :
    FunSpec({
        val stores = autoClose(fresh())
        val store = stores.approvals

        test("what happens to anybody's live requests is told in the order of commit, from a place on, as many as wanted") {
            val before = store.lastEvent()
            val (one, two) = List(2) { stores.opened(question(stores.requester())) }
            store.commit(1, one.after(Command.Cancel), start) shouldBe true
            val told = store.happenedAfter(before, 10)
            told.map { it.event to it.record.id } shouldContainExactly
                listOf(Event.OPENED to one.id, Event.OPENED to two.id, Event.CANCELLED to one.id)
            told.map { it.seq } shouldBe told.map { it.seq }.sorted()
            store.happenedAfter(before, 2).map { it.seq } shouldContainExactly told.take(2).map { it.seq }
            store.happenedAfter(told[0].seq, 10).map { it.seq } shouldContainExactly told.drop(1).map { it.seq }
            store.lastEvent() shouldBe told.last().seq
            store.happenedAfter(told.last().seq, 10).shouldBeEmpty()
        }

        test("each comes with the request as it is now") {
            val before = store.lastEvent()
            val asked = stores.opened(question(stores.requester()))
            store.commit(1, asked.after(Command.Cancel), start) shouldBe true
            store.happenedAfter(before, 10).map { it.record.status }.toSet() shouldBe setOf(ApprovalStatus.CANCELLED)
        }

        test("a question that the policy decides was asked and decided, in one, and is told as both") {
            val before = store.lastEvent()
            val requester = stores.requester()
            val permit = PolicyRuling(PolicyEffect.PERMIT, PolicyCode.RULE_PERMITS, "small", "small refunds")
            val asked = question(requester)
            val opening = checkNotNull(ApprovalRules.open(asked, null, start, permit).transition)
            store.commit(0, opening, start) shouldBe true
            val told = store.happenedAfter(before, 10)
            told.map { it.event } shouldContainExactly listOf(Event.OPENED, Event.APPROVED)
            val decided = store.decidedAfter(before, requester.id, Mode.LIVE, 10).single().record
            listOf(decided, store.find(asked.id)!!).forEach {
                (it.status to it.version) shouldBe (ApprovalStatus.APPROVED to 2)
                it.progress.decision?.via shouldBe "policy"
                it.question shouldBe asked
            }
            (asked.id in store.due(start.plusSeconds(1_000_000), 100)) shouldBe false
            store.forget(start.plusSeconds(1), 100, start.plusSeconds(1)) shouldBe 1
            store.find(asked.id) shouldBe null
        }

        test("nothing is told of test requests") {
            val before = store.lastEvent()
            stores.opened(question(stores.requester()).asTest())
            store.happenedAfter(before, 10).shouldBeEmpty()
        }
    })
