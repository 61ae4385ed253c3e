package dev.sesame.testing

import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalStatus
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class ScriptsTest :
    FunSpec({
        val broker by fakeBroker()

        test("a person may say in advance what to approve and what to deny") {
            val ana = broker.approver("ana")
            ana.approvesAll { it.action.startsWith("small.") }
            ana.deniesAll(note = "too much")
            val sesame = broker.sesame()
            sesame.approve("small.refund") { it.decision?.by?.name } shouldBe "ana"
            shouldThrow<ApprovalDeniedException> { sesame.approve("large.refund") { } }.note shouldBe "too much"
        }

        test("what was pending before is answered too") {
            val asked = broker.sesame().trigger("a")
            broker.approver("ana").approvesAll(note = "all of it")
            asked.poll().decision?.note shouldBe "all of it"
        }

        test("taken back, the person is silent again; another one is not") {
            val sesame = broker.sesame()
            broker.approver("ana").approvesAll()
            broker.approver("bo").deniesAll { it.action == "b" }
            broker.approver("ana").staysSilent()
            sesame.trigger("a").poll().status shouldBe ApprovalStatus.PENDING
            sesame.trigger("b").poll().status shouldBe ApprovalStatus.DENIED
        }

        test("a question is pending in the answer to its asker, whoever answers it at once") {
            broker.approver("ana").approvesAll()
            val asked = broker.sesame().trigger("a")
            asked.approval.status shouldBe ApprovalStatus.PENDING
            asked.await().status shouldBe ApprovalStatus.APPROVED
        }
    })
