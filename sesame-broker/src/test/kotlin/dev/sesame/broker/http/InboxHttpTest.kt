package dev.sesame.broker.http

import dev.sesame.broker.TestBroker
import dev.sesame.broker.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.shouldBe

class InboxHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())

        test("an approver sees what they may decide: every requester's, with everything needed to decide") {
            val approver = broker.approver()
            val requesters = List(2) { broker.requester() }
            val asked = requesters.map { it.asked("action" to "inbox.seen", "context" to json("cents" to 5), "reason" to "why not") }
            val inbox = approver.http.get("/v1/inbox?status=pending").shouldBeOk()
            asked.forEach { inbox.ids shouldContain it }
            inbox.list("approvals").single { it["approval_id"].toString() == "\"${asked[0]}\"" } shouldBe requesters[0].read(asked[0]).json
        }

        test("what was decided leaves the pending ones") {
            val approver = broker.approver()
            val id = broker.requester().asked()
            approver.http.get("/v1/inbox?status=pending").ids shouldContain id
            approver.approve(id)
            approver.http.get("/v1/inbox?status=pending").ids shouldNotContain id
            approver.http.get("/v1/inbox?status=approved").ids shouldContain id
        }

        test("it goes page by page, newest first, and each one once") {
            val requester = broker.requester()
            List(5) { requester.asked("action" to "inbox.paged") }
            val mine = requester.http.get("/v1/approvals").ids
            val pages = broker.admin.pages("/v1/inbox?status=pending&limit=2")
            pages.flatten().filter { it in mine } shouldContainExactly mine
            pages.flatten().toSet().size shouldBe pages.flatten().size
        }

        test("an API key has no inbox: 403; nobody has one: 401") {
            broker.requester().http.get("/v1/inbox") shouldBeRefusedWith (403 to "forbidden")
            broker.nobody.get("/v1/inbox") shouldBeRefusedWith (401 to "unauthorized")
        }

        test("what can't be a status, cursor or limit is 422 and named") {
            mapOf("status=open" to "status", "cursor=x" to "cursor", "limit=0" to "limit", "all=true" to "all").forEach { (query, field) ->
                broker.admin.get("/v1/inbox?$query").wrongFields shouldContainExactly listOf(field)
            }
        }
    })
