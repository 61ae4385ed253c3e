package dev.sesame.rules

import dev.sesame.TestDecision
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration

/** What a dedup key stands for: `protocol.md`, "Same key again". */
class OpenRulesTest :
    FunSpec({
        /** The broker makes an id and a time for each call, before it knows whether the question is new. */
        val again = refund.copy(id = "ap_second", createdAt = noon, expiresAt = noon + Duration.ofHours(1))

        test("a key that stands for nothing opens the question") {
            val opened = Transition(ApprovalRecord(refund, Progress(), version = 1), Event.OPENED)
            ApprovalRules.open(refund, existing = null, now = noon) shouldBe Ruling.Granted(opened)
        }

        (State.entries - State.CANCELLED - State.OVERDUE - State.TEST_YES - State.TEST_NO).forEach { state ->
            test("the same question again is the one that stands: $state") {
                val sameAgain = state.record.question.copy(id = again.id, createdAt = again.createdAt, expiresAt = again.expiresAt)
                ApprovalRules.open(sameAgain, state.record, noon) shouldBe Ruling.Granted(null)
            }

            test("another question under the key of one that is $state is a conflict") {
                val other = refundOf(21).copy(id = "ap_second")
                ApprovalRules.open(other, state.record, noon) shouldBe Ruling.Refused(Refusal.DEDUP_CONFLICT)
            }
        }

        test("cancelling frees the key, for the same question and for another") {
            listOf(again, refundOf(21)).forEach { question ->
                val ruling = ApprovalRules.open(question, State.CANCELLED.record, noon)
                ruling shouldBe Ruling.Granted(Transition(ApprovalRecord(question, Progress(), version = 1), Event.OPENED))
            }
        }

        test("asking again for one past its expiry expires it, and never opens it anew") {
            val overdue = State.OVERDUE.record
            val ruling = ApprovalRules.open(again, overdue, noon)
            Outcome.of(ruling) shouldBe Outcome(Event.EXPIRED, null)
            ruling.transition?.shouldContinue(overdue, Command.Expire, noon)
        }

        test("another question under the key of one past its expiry is a conflict") {
            val ruling = ApprovalRules.open(refundOf(21), State.OVERDUE.record, noon)
            Outcome.of(ruling).refusal shouldBe Refusal.DEDUP_CONFLICT
        }

        test("asking again for one whose test answer is due finds it answered, and so does asking something else") {
            mapOf(State.TEST_YES to Event.APPROVED, State.TEST_NO to Event.DENIED).forEach { (state, event) ->
                Outcome.of(ApprovalRules.open(again, state.record, noon)) shouldBe Outcome(event, null)
                Outcome.of(ApprovalRules.open(refundOf(21), state.record, noon)) shouldBe Outcome(event, Refusal.DEDUP_CONFLICT)
            }
        }

        test("what decides about the question is part of what is asked") {
            listOf(
                refund.copy(editable = listOf("amount")),
                refund.copy(approvalsRequired = 2),
                refund.copy(groups = listOf("finance")),
                refund.copy(approvalsPerGroup = mapOf("finance" to 1)),
            ).forEach { ApprovalRules.open(it, State.PENDING.record, noon) shouldBe Ruling.Refused(Refusal.DEDUP_CONFLICT) }
        }

        test("groups and editable fields are sets: in another order they are the same") {
            val first = refund.copy(groups = listOf("finance", "security"), editable = listOf("amount", "to"))
            val other = again.copy(groups = listOf("security", "finance"), editable = listOf("to", "amount"))
            ApprovalRules.open(other, pending(first), noon) shouldBe Ruling.Granted(null)
        }

        test("every other field keeps what the first call said") {
            listOf(
                refund.copy(summary = "Refund, please"),
                refund.copy(reason = "the parcel was empty"),
                refund.copy(callbackUrl = "https://shop.example/decided"),
                refund.copy(expiresAt = noon + Duration.ofDays(1)),
                refund.copy(validForSeconds = 60),
                refund.copy(requestedBy = "agent-7"),
                refund.copy(riskScore = 0.9),
                refund.copy(requesterLabel = "billing, renamed"),
                test(TestDecision.deny()),
            ).forEach { ApprovalRules.open(it, State.PENDING.record, noon) shouldBe Ruling.Granted(null) }
        }
    })
