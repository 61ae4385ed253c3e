package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

/** The instant at which silence ends the question: the expiry itself is already too late. */
class ExpiryTest :
    FunSpec({
        val record = pending(refund)
        val expiry = refund.expiresAt
        val justBefore = expiry.minusNanos(1)

        Move.entries.forEach { move ->
            test("$move at the expiry finds the question expired") {
                ApprovalRules.judge(record, move.command, expiry).transition?.event shouldBe Event.EXPIRED
            }

            test("$move one nanosecond before the expiry is judged as at any time before") {
                val early = Outcome.of(ApprovalRules.judge(record, move.command, noon))
                Outcome.of(ApprovalRules.judge(record, move.command, justBefore)) shouldBe early
            }
        }

        test("the same question asked again at the expiry expires it, one nanosecond before it doesn't") {
            Outcome.of(ApprovalRules.open(refund, record, expiry)) shouldBe Outcome(Event.EXPIRED, null)
            ApprovalRules.open(refund, record, justBefore) shouldBe Ruling.Granted(null)
        }

        test("it is open until then, and not when somebody has decided") {
            record.isOpenAt(justBefore) shouldBe true
            record.isOpenAt(expiry) shouldBe false
            val open = setOf(State.PENDING, State.VOTED, State.EDITABLE, State.GROUPED, State.ESCALATING, State.ESCALATED)
            (State.entries - open).filter {
                it.record.isOpenAt(noon)
            }.shouldBeEmpty()
        }

        test("a late vote is no vote, and the end has nobody who decided") {
            val expired = ApprovalRules.judge(record, Move.APPROVE.command, expiry).transition?.after
            expired?.progress?.votes.orEmpty().shouldBeEmpty()
            expired?.progress?.decision?.by.shouldBeNull()
            expired?.status shouldBe ApprovalStatus.EXPIRED
        }

        test("the second of two approvals, come too late, doesn't approve") {
            val voted = ApprovalRules.judge(pending(refund.copy(approvalsRequired = 2)), vote(ann, Answer.APPROVE), noon)
            val late = voted.transition?.after?.let { ApprovalRules.judge(it, Move.APPROVE.command, expiry) }
            late?.let { Outcome.of(it) } shouldBe Outcome(Event.EXPIRED, Refusal.ALREADY_DECIDED)
            late?.transition?.after?.progress?.votes?.map { it.by.id } shouldBe listOf(ann.id)
        }
    })
