package dev.sesame.rules

import dev.sesame.Answer
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe

/** More people may answer what nobody has answered for so long. */
class EscalationTest :
    FunSpec({
        val before = pending(escalating)
        val after = ApprovalRules.judge(before, Command.Escalate, noon).transition.shouldNotBeNull().after

        test("those of the new groups may answer from then on, and those of the old ones as before") {
            Outcome.of(ApprovalRules.judge(before, vote(cem, Answer.APPROVE), noon)) shouldBe Outcome(null, Refusal.NOT_IN_GROUP)
            Outcome.of(ApprovalRules.judge(after, vote(cem, Answer.APPROVE), noon)) shouldBe Outcome(Event.APPROVED, null)
            Outcome.of(ApprovalRules.judge(after, vote(ann, Answer.DENY), noon)) shouldBe Outcome(Event.DENIED, null)
            Outcome.of(ApprovalRules.judge(after, vote(dora, Answer.DENY), noon)) shouldBe Outcome(null, Refusal.NOT_IN_GROUP)
        }

        test("not before its time, once, and never when it is decided") {
            ApprovalRules.judge(before, Command.Escalate, noon.minusNanos(1)) shouldBe Ruling.Granted(null)
            before.escalatesAt shouldBe noon
            after.escalatesAt.shouldBeNull()
            ApprovalRules.judge(after, Command.Escalate, noon.plusSeconds(1)) shouldBe Ruling.Granted(null)
            val denied = ApprovalRules.judge(before, vote(ann, Answer.DENY), noon).transition.shouldNotBeNull().after
            denied.escalatesAt.shouldBeNull()
            ApprovalRules.judge(denied, Command.Escalate, noon) shouldBe Ruling.Granted(null)
        }

        test("where it is over by then, it expires and asks nobody else") {
            val over = ApprovalRules.judge(before, Command.Escalate, escalating.expiresAt).transition.shouldNotBeNull()
            over.event shouldBe Event.EXPIRED
            over.after.question.groups shouldBe listOf("finance")
        }

        test("votes from before count on, and how many of each group is asked stays") {
            val two = pending(escalating.copy(approvalsRequired = 2, approvalsPerGroup = mapOf("finance" to 1)))
            val voted = ApprovalRules.judge(two, vote(ann, Answer.APPROVE), noon).transition.shouldNotBeNull().after
            val later = ApprovalRules.judge(voted, Command.Escalate, noon).transition.shouldNotBeNull().after
            later.question.approvalsPerGroup shouldBe mapOf("finance" to 1)
            Outcome.of(ApprovalRules.judge(later, vote(cem, Answer.APPROVE), noon)) shouldBe Outcome(Event.APPROVED, null)
        }

        test("the document tells of it before and after") {
            fun told(record: ApprovalRecord) = record.toApproval("https://sesame.example", noon).toJson().toString()
            told(before).contains(""""escalation":{"at":"2026-11-20T12:00:00Z","groups":["security"],"escalated_at":null}""") shouldBe true
            told(after).contains(""""escalated_at":"2026-11-20T12:00:00Z"}""") shouldBe true
            after.toApproval("https://sesame.example", noon).groups shouldBe listOf("finance", "security")
            told(pending(refund)).contains(""""escalation":null""") shouldBe true
        }

        test("what can be approved once it has escalated may be asked; what escalates to no group may not") {
            val two = escalating.copy(approvalsRequired = 3)
            two.unreachable(staff, olga.id).shouldBeEmpty()
            val late = two.copy(escalation = EscalationPlan(two.expiresAt, listOf("security")))
            late.unreachable(staff, olga.id).map { it.field } shouldBe listOf("approvals_required")
            val unknown = escalating.copy(escalation = EscalationPlan(noon, listOf("board"))).unreachable(staff, olga.id).single()
            unknown shouldBe FieldProblem("groups", "names, together with the rule \"money\", what is no group here: board")
        }
    })
