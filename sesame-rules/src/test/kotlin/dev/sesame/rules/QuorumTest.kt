package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.Person
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

private fun asked(approvalsRequired: Int) = pending(refund.copy(approvalsRequired = approvalsRequired))

private fun ApprovalRecord.after(by: Person, answer: Answer): ApprovalRecord =
    ApprovalRules.judge(this, vote(by, answer), noon).transition?.after ?: this

private fun ApprovalRecord.approvedBy(vararg people: Person) = people.fold(this) { record, by -> record.after(by, Answer.APPROVE) }

class QuorumTest :
    FunSpec({
        test("of two, the first approval is a vote and the second, by someone else, decides") {
            val first = ApprovalRules.judge(asked(2), vote(ann, Answer.APPROVE), noon)
            Outcome.of(first) shouldBe Outcome(Event.VOTED, null)
            val second = ApprovalRules.judge(asked(2).approvedBy(ann), vote(bob, Answer.APPROVE), noon)
            Outcome.of(second) shouldBe Outcome(Event.APPROVED, null)
        }

        test("of three, two approvals leave it pending and the third decides") {
            asked(3).approvedBy(ann, bob).status shouldBe ApprovalStatus.PENDING
            asked(3).approvedBy(ann, bob, cem).status shouldBe ApprovalStatus.APPROVED
        }

        test("the people are counted, not their votes") {
            asked(2).approvedBy(ann, ann).status shouldBe ApprovalStatus.PENDING
            asked(3).approvedBy(ann, bob, ann, bob).status shouldBe ApprovalStatus.PENDING
        }

        test("one's own vote again is granted and changes nothing, not even the note") {
            val voted = asked(2).approvedBy(ann)
            val again = vote(ann, Answer.APPROVE, note = "as I said")
            ApprovalRules.judge(voted, again, noon.plusSeconds(1)) shouldBe Ruling.Granted(null)
        }

        test("a person is known by the id, whatever the name") {
            val renamed = Person(ann.id, "Ann Other")
            ApprovalRules.judge(asked(2).approvedBy(ann), vote(renamed, Answer.APPROVE), noon) shouldBe Ruling.Granted(null)
        }

        test("one denial denies, with the approvals before it kept") {
            val denied = asked(3).approvedBy(ann, bob).after(cem, Answer.DENY)
            denied.status shouldBe ApprovalStatus.DENIED
            denied.progress.votes.map { it.by.id to it.vote } shouldContainExactly
                listOf(ann.id to Answer.APPROVE, bob.id to Answer.APPROVE, cem.id to Answer.DENY)
        }

        test("who had approved may deny while it is pending: the denial takes the place of the approval") {
            val denied = asked(2).approvedBy(ann).after(ann, Answer.DENY)
            denied.status shouldBe ApprovalStatus.DENIED
            denied.progress.decision?.by?.id shouldBe ann.id
            denied.progress.votes.map { it.by.id to it.vote } shouldContainExactly listOf(ann.id to Answer.DENY)
        }

        test("who asked doesn't count towards it") {
            val voted = asked(2).approvedBy(ann)
            ApprovalRules.judge(voted, vote(olga, Answer.APPROVE), noon) shouldBe Ruling.Refused(Refusal.SELF_APPROVAL)
        }

        test("a vote keeps who, when, by which way and what was written") {
            val voted = ApprovalRules.judge(asked(2), vote(ann, Answer.APPROVE, "fine by me"), noon).transition?.after
            voted?.progress?.votes?.map { listOf(it.by.id, it.vote, it.at, it.via, it.note) } shouldBe
                listOf(listOf(ann.id, Answer.APPROVE, noon, "inbox", "fine by me"))
        }
    })
