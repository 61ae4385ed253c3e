package dev.sesame.broker.inbox

import dev.sesame.broker.Approving
import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.groupOf
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.leave
import dev.sesame.broker.signInLink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

/** What is asked of groups, on the pages of those who are in them and of those who aren't. */
class GroupsHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val members = List(2) { broker.approver() }
        val other = broker.approver()
        val group = broker.admin.post("/v1/admin/groups", "name" to "finance").text("id")
        members.forEach { broker.admin.post("/v1/admin/groups/$group/add-member", "approver" to it.name).status shouldBe 200 }

        fun browserOf(approver: Approving) = Browser(broker.url).also { it.signIn(broker.signInLink(approver)) }

        test("who is in none of the groups finds neither the request nor its page, and can't answer it") {
            val id = broker.requester().asked("groups" to listOf("finance"), "summary" to "For finance alone")
            val browser = browserOf(other)
            browser.get("/inbox").shouldBeOk().text shouldNotContain "For finance alone"
            browser.get("/approvals/$id").status shouldBe 404
            browser.get("/sessions") // for a form's token
            browser.post("/approvals/$id/answer", "decision" to "approve").status shouldBe 404
            browserOf(members[0]).get("/inbox").shouldBeOk().text shouldContain "For finance alone"
        }

        test("a member sees who is asked and how far it got, and the second yes approves it") {
            val requester = broker.requester()
            val id = requester.asked("groups" to listOf("finance"), "approvals_required" to 2)
            val first = browserOf(members[0])
            first.get("/approvals/$id").shouldBeOk().text shouldContain "2 people must approve"
            first.post("/approvals/$id/answer", "decision" to "approve").status shouldBe 303
            requester.read(id).text("status") shouldBe "pending"
            first.get("/approvals/$id").text.let {
                it shouldContain "So far 1 did: ${members[0].name}"
                it shouldContain "You approved"
            }
            val second = browserOf(members[1])
            second.get("/approvals/$id").shouldBeOk().text shouldNotContain "You approved"
            second.post("/approvals/$id/answer", "decision" to "approve").status shouldBe 303
            requester.read(id).text("status") shouldBe "approved"
        }

        test("each group says what it lacks, by whom it is done, and whose approval counts no more") {
            val (kim, fay) = List(2) { broker.approver() }
            val (first, second) = broker.groupOf(kim) to broker.groupOf(fay)
            val requester = broker.requester()
            val id = requester.asked("approvals_per_group" to mapOf(first to 1, second to 1))
            kim.approve(id)
            val browser = browserOf(fay)
            browser.get("/approvals/$id").shouldBeOk().text.let {
                it shouldContain "$first</strong>: done, by ${kim.name}"
                it shouldContain "$second</strong>: 1 must approve"
            }
            broker.leave(first, kim)
            browser.get("/approvals/$id").text.let {
                it shouldContain "$first</strong>: 1 must approve"
                it shouldContain "${kim.name} approved, which doesn't count any more"
            }
        }
    })
