package dev.sesame.broker.approval

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.broker.access.Role
import dev.sesame.broker.store.question
import dev.sesame.rules.Refusal
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

class AdjudicateTest :
    FunSpec({
        val cases = autoClose(UseCases())
        val stores = cases.stores

        test("of twenty deciders at once exactly one decides, and all others are told what it decided") {
            val approvers = List(20) { stores.approver() }
            repeat(10) {
                val id = stores.opened(question(stores.requester())).id
                val verdicts = coroutineScope {
                    approvers.mapIndexed { index, approver ->
                        async(Dispatchers.IO) { cases.vote(id, approver, if (index % 2 == 0) Answer.APPROVE else Answer.DENY) }
                    }.awaitAll()
                }
                val winner = verdicts.single { it.refusal == null }
                winner.record.version shouldBe 2
                verdicts.filter { it.refusal != null }.forEach {
                    it.refusal shouldBe Refusal.ALREADY_DECIDED
                    it.record.told() shouldBe winner.record.told()
                }
                cases.read.find(id, anybody)!!.told() shouldBe winner.record.told()
            }
        }

        test("with a quorum of three, three of twenty approvals at once decide, each of another person") {
            val approvers = List(20) { stores.approver() }
            repeat(5) {
                val id = stores.opened(question(stores.requester(), approvalsRequired = 3)).id
                val verdicts = coroutineScope { approvers.map { async(Dispatchers.IO) { cases.vote(id, it) } }.awaitAll() }
                verdicts.count { it.refusal == null } shouldBe 3
                val record = cases.read.find(id, anybody)!!
                record.status shouldBe ApprovalStatus.APPROVED
                record.progress.votes.map { it.by.id }.toSet().size shouldBe 3
                record.version shouldBe 4
            }
        }

        test("at the moment of expiry a vote and the clock end it once: by the vote before it, or expired") {
            val approver = stores.approver()
            repeat(50) { trial ->
                val asked = stores.opened(question(stores.requester(), expiresInSeconds = 3_600 + trial.toLong()))
                cases.moveTo(asked.question.expiresAt.minusMillis(1))
                val verdict = coroutineScope {
                    val vote = async(Dispatchers.IO) { cases.vote(asked.id, approver) }
                    val expiry = async(Dispatchers.IO) {
                        cases.moveTo(asked.question.expiresAt)
                        cases.expireDue.run()
                    }
                    expiry.await()
                    vote.await()
                }
                val ended = cases.read.find(asked.id, anybody)!!
                ended.version shouldBe 2
                ended.status shouldBeIn listOf(ApprovalStatus.APPROVED, ApprovalStatus.EXPIRED)
                (verdict.refusal == null) shouldBe (ended.status == ApprovalStatus.APPROVED)
                if (ended.status == ApprovalStatus.APPROVED) (ended.progress.decidedAt!! < asked.question.expiresAt) shouldBe true
            }
        }

        test("a vote after the expiry expires the question in the same step") {
            val asked = stores.opened(question(stores.requester()))
            cases.moveTo(asked.question.expiresAt)
            val verdict = cases.vote(asked.id, stores.approver())
            verdict.refusal shouldBe Refusal.ALREADY_DECIDED
            verdict.record.status shouldBe ApprovalStatus.EXPIRED
            stores.approvals.find(asked.id)!!.told() shouldBe verdict.record.told()
            verdict.record.progress.votes shouldContainExactly emptyList()
        }

        test("a cancel and a vote at once: one of them ends it, the other is refused") {
            val approver = stores.approver()
            repeat(20) {
                val id = stores.opened(question(stores.requester(), expiresInSeconds = 86_400)).id
                val (vote, cancel) = coroutineScope {
                    val vote = async(Dispatchers.IO) { cases.vote(id, approver) }
                    vote to async(Dispatchers.IO) { cases.cancel.cancel(id, anybody)!! }
                }.let { it.first.await() to it.second.await() }
                listOf(vote, cancel).count { it.refusal == null } shouldBe 1
                vote.record.told() shouldBe cancel.record.told()
            }
        }

        test("the owner of the requester doesn't decide their own question") {
            val owner = stores.approver()
            val id = stores.opened(question(stores.requester(owner.id), expiresInSeconds = 86_400)).id
            listOf(Answer.APPROVE, Answer.DENY).forEach { cases.vote(id, owner, it).refusal shouldBe Refusal.SELF_APPROVAL }
            cases.vote(id, stores.approver()).refusal.shouldBeNull()
        }

        test("an approver who was removed while the vote was on its way doesn't count") {
            stores.approver(Role.ADMIN)
            val removed = stores.approver()
            val id = stores.opened(question(stores.requester(), expiresInSeconds = 86_400)).id
            stores.access.revokeApprover(removed.id, cases.clock.instant()) shouldBe true
            shouldThrow<NoLongerActive> { cases.vote(id, removed) }
            cases.read.find(id, anybody)?.status shouldBe ApprovalStatus.PENDING
        }

        test("what a caller may not touch is not judged") {
            val id = stores.opened(question(stores.requester(), expiresInSeconds = 86_400)).id
            cases.cancel.cancel(id) { false }.shouldBeNull()
            cases.read.find(id) { false }.shouldBeNull()
            cases.read.find(id, anybody)?.status shouldBe ApprovalStatus.PENDING
        }
    })
