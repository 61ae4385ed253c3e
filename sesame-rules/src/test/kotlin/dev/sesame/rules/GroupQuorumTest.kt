package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.Person
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

private fun asked(required: Int, vararg groups: String, perGroup: Map<String, Int> = emptyMap()) =
    pending(refund.copy(approvalsRequired = required, groups = groups.toList(), approvalsPerGroup = perGroup))

private val ofBoth = asked(2, "finance", "security", perGroup = oneOfEach)

private fun ApprovalRecord.judged(by: Person, answer: Answer = Answer.APPROVE, electorate: Electorate = staff) =
    ApprovalRules.judge(this, vote(by, answer, electorate = electorate), noon)

private fun ApprovalRecord.approvedBy(vararg people: Person, electorate: Electorate = staff): ApprovalRecord =
    people.fold(this) { record, by -> record.judged(by, electorate = electorate).transition?.after ?: record }

/** Somebody else of security. */
private val zed = Person("pe_zed", "Zed")

private fun Electorate.withZed() = copy(groupsOf = groupsOf + (zed.id to setOf("security")))

class GroupQuorumTest :
    FunSpec({
        test("who is in none of the groups neither approves nor denies") {
            listOf(dora, cem).forEach { person ->
                Answer.run { listOf(APPROVE, DENY) }.forEach { answer ->
                    asked(1, "finance").judged(person, answer) shouldBe Ruling.Refused(Refusal.NOT_IN_GROUP)
                }
            }
        }

        test("one group is enough where the number is one in all") {
            asked(1, "finance", "security").approvedBy(cem).status shouldBe ApprovalStatus.APPROVED
        }

        test("a number in all may come from one group alone") {
            asked(2, "finance", "security").approvedBy(cem, bob).status shouldBe ApprovalStatus.APPROVED
        }

        test("one of each: two of the same group are not enough, one of the other decides") {
            val both = ofBoth.approvedBy(cem, bob, electorate = staff.copy(groupsOf = staff.groupsOf + (bob.id to setOf("security"))))
            both.status shouldBe ApprovalStatus.PENDING
            ofBoth.approvedBy(cem, ann).status shouldBe ApprovalStatus.APPROVED
        }

        test("who is in both groups counts for one of them, whichever is missing") {
            ofBoth.approvedBy(bob).status shouldBe ApprovalStatus.PENDING
            ofBoth.approvedBy(bob, ann).status shouldBe ApprovalStatus.APPROVED
            ofBoth.approvedBy(bob, cem).status shouldBe ApprovalStatus.APPROVED
        }

        test("nobody edits whose approval alone isn't enough, also where the votes of others would make it so") {
            val financeOf = asked(1, "finance", "security", perGroup = mapOf("finance" to 1)).let {
                it.copy(question = it.question.copy(editable = listOf("amount")))
            }
            val waiting = financeOf.approvedBy(cem)
            waiting.status shouldBe ApprovalStatus.PENDING
            val moved = staff.copy(groupsOf = staff.groupsOf + (cem.id to setOf("finance")))
            listOf(financeOf to staff, waiting to moved).forEach { (record, electorate) ->
                val edit = Command.CastVote(zed, Answer.APPROVE, "inbox", null, null, electorate.withZed(), refundOf(21).context)
                (ApprovalRules.judge(record, edit, noon) as Ruling.Refused).refusal shouldBe Refusal.NOT_EDITABLE
            }
            val own = Command.CastVote(ann, Answer.APPROVE, "inbox", null, null, staff, refundOf(21).context)
            ApprovalRules.judge(waiting, own, noon).transition?.after?.contextHash shouldBe refundOf(21).requestHash
        }

        test("the tally says who is counted, and for which group; nobody for two") {
            fun tally(record: ApprovalRecord, electorate: Electorate = staff) =
                record.question.tally(record.progress.votes, electorate, asker = null)
            val byBob = tally(ofBoth.approvedBy(bob))
            byBob.counted shouldBe setOf(bob.id)
            byBob.perGroup.values.map { it.size }.sorted() shouldContainExactly listOf(0, 1)
            val one = ofBoth.approvedBy(ann)
            tally(one).perGroup.values.flatten() shouldContainExactly listOf(ann.id)
            tally(one, staff.copy(groupsOf = staff.groupsOf - ann.id)).run { counted + perGroup.values.flatten() }.shouldBeEmpty()
            tally(asked(2).approvedBy(ann)).perGroup shouldBe emptyMap()
        }

        test("who was removed after voting counts no more, though the vote stays visible") {
            val without = staff.copy(groupsOf = staff.groupsOf - ann.id)
            val voted = asked(2).approvedBy(ann)
            val second = voted.judged(bob, electorate = without)
            Outcome.of(second) shouldBe Outcome(Event.VOTED, null)
            second.transition?.after?.progress?.votes?.map { it.by.id } shouldBe listOf(ann.id, bob.id)
            second.transition?.after?.approvedBy(cem, electorate = without)?.status shouldBe ApprovalStatus.APPROVED
        }

        test("who left the group after voting counts no more, and again once back: the next vote tells, one's own again too") {
            val moved = staff.copy(groupsOf = staff.groupsOf + (ann.id to setOf("security")))
            val voted = asked(2, "finance").approvedBy(ann).approvedBy(bob, electorate = moved)
            voted.status shouldBe ApprovalStatus.PENDING
            voted.judged(bob, electorate = moved) shouldBe Ruling.Granted(null)
            val approved = voted.judged(bob).transition?.after
            approved?.status shouldBe ApprovalStatus.APPROVED
            approved?.progress?.votes shouldBe voted.progress.votes
        }

        test("one denial ends it, whoever of the groups it is by") {
            ofBoth.approvedBy(ann).judged(cem, Answer.DENY).transition?.event shouldBe Event.DENIED
        }

        test("who stands behind the requester votes only where the question allows it") {
            asked(1, "finance").judged(olga) shouldBe Ruling.Refused(Refusal.SELF_APPROVAL)
            val allowed = asked(1, "finance").let { it.copy(question = it.question.copy(allowSelf = true)) }
            allowed.judged(olga).transition?.event shouldBe Event.APPROVED
        }

        test("what nobody could ever approve says which field asks too much") {
            fun problem(record: ApprovalRecord) = record.question.unreachable(staff, olga.id).map { it.field }
            problem(asked(4)).shouldBeEmpty() // Ann, Bob, Cem and Dora
            problem(asked(5)) shouldContainExactly listOf("approvals_required") // Olga stands behind it
            problem(asked(2, "finance")).shouldBeEmpty()
            problem(asked(3, "finance")) shouldContainExactly listOf("approvals_required")
            problem(asked(1, "nobody yet")) shouldContainExactly listOf("approvals_required")
            problem(asked(1, "finance", "fin")) shouldContainExactly listOf("groups")
            problem(asked(3, "finance", "security", perGroup = mapOf("finance" to 2, "security" to 1))).shouldBeEmpty()
            problem(asked(3, "finance", "security", perGroup = mapOf("finance" to 3))) shouldContainExactly listOf("approvals_per_group")
        }

        test("one person in two groups can't give what is asked of both") {
            val alone = Electorate(mapOf(bob.id to setOf("finance", "security"), dora.id to setOf("finance")), staff.groups)
            ofBoth.question.unreachable(alone, asker = null).shouldBeEmpty()
            val both = asked(2, "finance", "security", perGroup = mapOf("security" to 2)).question
            both.unreachable(alone, asker = null).map { it.field } shouldContainExactly listOf("approvals_per_group")
        }

        test("with leave to answer oneself, the asker is one of those who can") {
            val all = asked(5).question.copy(allowSelf = true)
            all.unreachable(staff, olga.id).shouldBeEmpty()
        }
    })
