package dev.sesame.broker.approval

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.broker.access.Group
import dev.sesame.broker.audit.VerifyAudit
import dev.sesame.broker.readAudit
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.question
import dev.sesame.broker.store.start
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Demand
import dev.sesame.rules.EscalationPlan
import dev.sesame.rules.Event
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

private suspend fun Stores.escalating(afterSeconds: Long, expiresInSeconds: Long = 86_400): ApprovalRecord = opened(
    question(requester(), expiresInSeconds = expiresInSeconds).copy(
        groups = listOf("ops"),
        asked = Demand(),
        rule = "money",
        escalation = EscalationPlan(start.plusSeconds(afterSeconds), listOf("board")),
    ),
)

class EscalateDueTest :
    FunSpec({
        suspend fun UseCases.groups(record: ApprovalRecord) = stores.approvals.find(record.id)!!.question.groups

        suspend fun UseCases.events() = stores.approvals.happenedAfter(0, 1_000).map { it.event }

        test("what is due escalates at its time, not before, and once") {
            UseCases().use { cases ->
                val (one, two) = listOf(60L, 120L).map { cases.stores.escalating(it) }
                cases.clock.moveSeconds(59)
                cases.escalateDue.run() shouldBe 0
                cases.clock.moveSeconds(1)
                cases.escalateDue.run() shouldBe 1
                cases.escalateDue.run() shouldBe 0
                cases.groups(one) shouldContainExactly listOf("ops", "board")
                cases.groups(two) shouldContainExactly listOf("ops")
                cases.events() shouldContainExactly listOf(Event.OPENED, Event.OPENED, Event.ESCALATED)
                cases.stores.approvals.find(one.id)!!.question.escalation?.escalatedAt shouldBe cases.clock.instant()
            }
        }

        test("what fell due while the broker was away does so when it is back") {
            UseCases().use { cases ->
                val asked = cases.stores.escalating(60)
                cases.clock.moveSeconds(3_600)
                cases.stores.reopen()
                cases.escalateDue.run() shouldBe 1
                cases.groups(asked) shouldContainExactly listOf("ops", "board")
            }
        }

        test("what is over by then expires instead, whichever of both is looked at first") {
            UseCases().use { cases ->
                val asked = cases.stores.escalating(60, expiresInSeconds = 60)
                cases.clock.moveSeconds(60)
                cases.escalateDue.run() shouldBe 1
                cases.escalateDue.run() shouldBe 0
                cases.stores.approvals.find(asked.id)!!.let {
                    it.status shouldBe ApprovalStatus.EXPIRED
                    it.question.escalation?.escalatedAt.shouldBeNull()
                }
            }
        }

        test("a denial at the same moment stands whatever comes first, and each is told once: the audit holds") {
            UseCases().use { cases ->
                val stores = cases.stores
                val ann = stores.approver()
                stores.access.add(Group(ids.group(), "ops", start, memberIds = listOf(ann.id)))
                stores.access.add(Group(ids.group(), "board", start))
                val asked = List(100) { stores.escalating(60) }
                cases.clock.moveSeconds(60)
                coroutineScope {
                    val escalations = List(4) { async(Dispatchers.Default) { cases.escalateDue.run() } }
                    val votes = asked.map { async(Dispatchers.Default) { cases.vote(it.id, ann, Answer.DENY) } }
                    (votes.awaitAll().map { it.refusal } + escalations.awaitAll().map { null }).filterNotNull().shouldBeEmpty()
                }
                while (cases.escalateDue.run() > 0) Unit
                val events = stores.approvals.happenedAfter(0, 1_000).groupBy({ it.record.id }, { it.event })
                asked.forEach { record ->
                    val after = stores.approvals.find(record.id)!!
                    val told = events.getValue(record.id)
                    after.status shouldBe ApprovalStatus.DENIED
                    told.last() shouldBe Event.DENIED
                    told.count { it == Event.ESCALATED } shouldBe if (after.question.escalation?.escalatedAt == null) 0 else 1
                    after.version shouldBe told.size
                }
                readAudit(cases.file) { VerifyAudit(it, emptyList()).run() }.problems.shouldBeEmpty()
            }
        }

        test("an approval that escalated and was then decided stands in the audit as it was") {
            UseCases().use { cases ->
                val bob = cases.stores.approver()
                cases.stores.access.add(Group(ids.group(), "board", start, memberIds = listOf(bob.id)))
                val asked = cases.stores.escalating(60)
                cases.clock.moveSeconds(60)
                cases.escalateDue.run()
                cases.vote(asked.id, bob).record.status shouldBe ApprovalStatus.APPROVED
                readAudit(cases.file) { audit -> VerifyAudit(audit, emptyList()).run() }.let {
                    it.problems.shouldBeEmpty()
                    it.approvals shouldBe 1
                }
                readAudit(cases.file) { audit ->
                    audit.entries().map { it.fact.name }.filter { it.startsWith("approval.") }.toList()
                } shouldBe
                    listOf("approval.opened", "approval.escalated", "approval.approved")
            }
        }
    })
