package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.Mode
import dev.sesame.TestDecision
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.toJavaDuration

/** What a test request brings along in place of a person: when it counts, and that nobody else answers. */
class TestAnswerTest :
    FunSpec({
        val waiting = pending(test(TestDecision.approve(30.minutes, "fine by the test")))
        val due = waiting.question.createdAt + 30.minutes.toJavaDuration()
        val justBefore = due.minusNanos(1)

        fun outcome(record: ApprovalRecord, command: Command, at: java.time.Instant) = Outcome.of(ApprovalRules.judge(record, command, at))

        test("it answers at its instant, not a nanosecond before, and the question is open until then") {
            outcome(waiting, Command.Expire, justBefore) shouldBe Outcome(null, null)
            waiting.isOpenAt(justBefore) shouldBe true
            outcome(waiting, Command.Expire, due) shouldBe Outcome(Event.APPROVED, null)
            waiting.isOpenAt(due) shouldBe false
            waiting.question.endsAt shouldBe due
        }

        test("its answer is no person's: nobody voted, and it came by way of the test") {
            val answered = ApprovalRules.judge(waiting, Command.Expire, due).transition.shouldNotBeNull().after.progress
            val decision = answered.decision.shouldNotBeNull()
            listOf(decision.status, decision.via, decision.note) shouldBe listOf(ApprovalStatus.APPROVED, "test", "fine by the test")
            decision.by.shouldBeNull()
            answered.votes.shouldBeEmpty()
            answered.decidedAt shouldBe due
            answered.validUntil shouldBe due.plusSeconds(refund.validForSeconds)
        }

        test("a claim at that instant stores the answer first, and then takes the claim") {
            val first = ApprovalRules.judge(waiting, Move.CLAIM.command, due)
            Outcome.of(first) shouldBe Outcome(Event.APPROVED, null, again = true)
            val approved = first.transition.shouldNotBeNull().after
            outcome(approved, Move.CLAIM.command, due) shouldBe Outcome(Event.CLAIMED, null)
        }

        test("an answer that comes with the expiry, or is found only then, is silence") {
            val late = pending(test(TestDecision.approve(2.hours)))
            late.question.endsAt shouldBe refund.expiresAt
            val atOnce = pending(test(TestDecision.approve()))
            listOf(late, waiting, atOnce).forEach { record ->
                outcome(record, Command.Expire, refund.expiresAt) shouldBe Outcome(Event.EXPIRED, null)
                outcome(record, Move.CLAIM.command, refund.expiresAt) shouldBe Outcome(Event.EXPIRED, Refusal.NOT_APPROVED)
            }
        }

        test("a cancel before it wins, one at its instant comes too late") {
            outcome(waiting, Command.Cancel, justBefore) shouldBe Outcome(Event.CANCELLED, null)
            outcome(waiting, Command.Cancel, due) shouldBe Outcome(Event.APPROVED, Refusal.ALREADY_DECIDED)
        }

        test("no person answers a test request, with a test answer or without one") {
            listOf(waiting, pending(test(answer = null))).forEach { record ->
                listOf(Move.APPROVE, Move.DENY, Move.ASKER_APPROVES).forEach {
                    outcome(record, it.command, justBefore) shouldBe Outcome(null, Refusal.FORBIDDEN)
                }
            }
        }

        test("an answer that this version doesn't know is no yes") {
            val odd = pending(test(TestDecision(Answer.of("escalate"))))
            outcome(odd, Command.Expire, noon) shouldBe Outcome(Event.DENIED, null)
        }

        test("a live question can't hold one") {
            shouldThrow<IllegalArgumentException> { refund.copy(test = TestDecision.approve()) }
            test(TestDecision.approve()).mode shouldBe Mode.TEST
        }
    })
