package dev.sesame.broker.approval

import dev.sesame.ApprovalStatus
import dev.sesame.TestDecision
import dev.sesame.broker.store.asTest
import dev.sesame.broker.store.question
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

class ExpireDueTest :
    FunSpec({
        suspend fun UseCases.statuses(ids: List<String>) = ids.map { stores.approvals.find(it)!!.status }

        test("what is due expires at its time, not before, by nobody and never as a yes") {
            UseCases().use { cases ->
                val requester = cases.stores.requester()
                val ids = listOf(10L, 20L).map { cases.stores.opened(question(requester, expiresInSeconds = it)).id }
                cases.clock.moveSeconds(9)
                cases.expireDue.run() shouldBe 0
                cases.statuses(ids) shouldContainExactly listOf(ApprovalStatus.PENDING, ApprovalStatus.PENDING)
                cases.clock.moveSeconds(1)
                cases.expireDue.run() shouldBe 1
                cases.statuses(ids) shouldContainExactly listOf(ApprovalStatus.EXPIRED, ApprovalStatus.PENDING)
                val expired = cases.stores.approvals.find(ids[0])!!
                expired.progress.decidedAt shouldBe cases.clock.instant()
                expired.progress.decision?.by.shouldBeNull()
                expired.progress.validUntil.shouldBeNull()
            }
        }

        test("what brings its own answer gets it at its time, without a person, and one that expires before that expires") {
            UseCases().use { cases ->
                val requester = cases.stores.requester()
                val answers =
                    listOf(TestDecision.approve(5.seconds), TestDecision.deny(8.seconds, "no"), TestDecision.approve(10.seconds), null)
                val ids = answers.map { cases.stores.opened(question(requester, expiresInSeconds = 10).asTest(it)).id }
                val pending = ApprovalStatus.PENDING
                cases.clock.move(Duration.ofMillis(4_999))
                cases.expireDue.run() shouldBe 0
                cases.clock.move(Duration.ofMillis(1))
                cases.expireDue.run() shouldBe 1
                cases.statuses(ids) shouldContainExactly listOf(ApprovalStatus.APPROVED, pending, pending, pending)
                cases.clock.moveSeconds(3)
                cases.expireDue.run() shouldBe 1
                cases.clock.moveSeconds(2)
                cases.expireDue.run() shouldBe 2
                cases.expireDue.run() shouldBe 0
                cases.statuses(ids) shouldContainExactly
                    listOf(ApprovalStatus.APPROVED, ApprovalStatus.DENIED, ApprovalStatus.EXPIRED, ApprovalStatus.EXPIRED)
                val denied = cases.stores.approvals.find(ids[1])!!.progress
                listOf(denied.decision?.by, denied.decision?.via, denied.decision?.note) shouldBe listOf(null, "test", "no")
                denied.votes shouldBe emptyList()
            }
        }

        test("an answer that fell due while the broker was away comes after it, but not past the expiry") {
            UseCases().use { cases ->
                val requester = cases.stores.requester()
                val ids = listOf(10L, 60L).map {
                    cases.stores.opened(question(requester, expiresInSeconds = it).asTest(TestDecision.approve(5.seconds))).id
                }
                cases.clock.moveSeconds(30)
                cases.stores.reopen()
                cases.expireDue.run() shouldBe 2
                cases.statuses(ids) shouldContainExactly listOf(ApprovalStatus.EXPIRED, ApprovalStatus.APPROVED)
            }
        }

        test("another round changes nothing, and what was decided in time never expires") {
            UseCases().use { cases ->
                val asked = cases.stores.opened(question(cases.stores.requester(), expiresInSeconds = 10))
                val approved = cases.stores.opened(question(cases.stores.requester(), expiresInSeconds = 10))
                cases.vote(approved.id, cases.stores.approver())
                cases.clock.moveSeconds(3_600)
                cases.expireDue.run() shouldBe 1
                cases.expireDue.run() shouldBe 0
                cases.statuses(listOf(asked.id, approved.id)) shouldContainExactly listOf(ApprovalStatus.EXPIRED, ApprovalStatus.APPROVED)
                cases.stores.approvals.find(asked.id)!!.version shouldBe 2
            }
        }

        test("after a restart what fell due meanwhile expires") {
            UseCases().use { cases ->
                val id = cases.stores.opened(question(cases.stores.requester(), expiresInSeconds = 10)).id
                cases.clock.moveSeconds(86_400)
                cases.stores.reopen()
                cases.expireDue.run() shouldBe 1
                cases.statuses(listOf(id)) shouldContainExactly listOf(ApprovalStatus.EXPIRED)
            }
        }

        test("a large backlog goes in rounds, the oldest expiry first") {
            UseCases().use { cases ->
                val requester = cases.stores.requester()
                val ids = cases.stores.openedTogether(ExpireDue.ROUND + 20, requester) { 1_000L + it }.map { it.id }
                cases.clock.moveSeconds(86_400)
                cases.expireDue.run() shouldBe ExpireDue.ROUND
                val left = ids.zip(cases.statuses(ids)).filter { it.second == ApprovalStatus.PENDING }.map { it.first }
                left shouldContainExactly ids.takeLast(20)
                cases.expireDue.run() shouldBe 20
                cases.expireDue.run() shouldBe 0
            }
        }

        test("a jump of the clock back neither revives an expired question nor ends another early") {
            UseCases().use { cases ->
                val requester = cases.stores.requester()
                val ids = listOf(10L, 20L).map { cases.stores.opened(question(requester, expiresInSeconds = it)).id }
                cases.clock.moveSeconds(15)
                cases.expireDue.run() shouldBe 1
                cases.clock.moveSeconds(-15)
                cases.expireDue.run() shouldBe 0
                cases.statuses(ids) shouldContainExactly listOf(ApprovalStatus.EXPIRED, ApprovalStatus.PENDING)
            }
        }
    })
