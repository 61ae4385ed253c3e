package dev.sesame.broker.inbox

import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.http.WiredBroker
import dev.sesame.broker.http.shouldBeOk
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class AnswerHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()

        fun Browser.answer(id: String, vararg fields: Pair<String, String>) = post("/approvals/$id/answer", *fields)

        test("approve with a note: it is decided by this person, by the inbox, and a reload shows it") {
            val approver = broker.approver()
            val browser = broker.browser(approver)
            val id = requester.asked()
            browser.get("/approvals/$id").shouldBeOk()
            val answer = browser.answer(id, "decision" to "approve", "note" to " fine\r\nby me ")
            answer.status shouldBe 303
            answer.header("Location") shouldBe "/approvals/$id"
            requester.read(id).run {
                text("status") shouldBe "approved"
                text("decision.by.name") shouldBe approver.name
                text("decision.via") shouldBe "inbox"
                text("decision.note") shouldBe "fine\nby me"
            }
            browser.get("/approvals/$id").text shouldContain "You approved this"
        }

        test("deny with a reason, a note, both, or neither; a reason that isn't offered is none") {
            val browser = broker.browser(broker.approver())
            listOf(
                listOf("reason" to "Not now") to "Not now",
                listOf("reason" to "Not now", "note" to "tomorrow") to "Not now: tomorrow",
                listOf("note" to "no") to "no",
                listOf("reason" to "Made up") to null,
                emptyList<Pair<String, String>>() to null,
            ).forEach { (fields, note) ->
                val id = requester.asked()
                browser.get("/approvals/$id")
                browser.answer(id, "decision" to "deny", *fields.toTypedArray()).status shouldBe 303
                requester.read(id).run { text("status") to text("decision.note") } shouldBe ("denied" to note)
            }
        }

        test("nothing is decided by GET, and the form's address takes none") {
            val browser = broker.browser(broker.approver())
            val id = requester.asked()
            listOf("/approvals/$id", "/approvals/$id?decision=approve", "/approvals/$id/answer?decision=approve").forEach {
                browser.get(it)
            }
            browser.get("/approvals/$id/answer?decision=approve").status shouldBe 405
            requester.read(id).text("status") shouldBe "pending"
        }

        test("a form without the session's token, from another site, of another kind or too large decides nothing") {
            val browser = broker.browser(broker.approver())
            val id = requester.asked()
            browser.get("/approvals/$id")
            val approve = "decision" to "approve"
            val refused = listOf(
                browser.answer(id, approve, "form" to ""),
                browser.answer(id, approve, "form" to "x".repeat(43)),
                browser.post("/approvals/$id/answer", approve, headers = emptyArray()),
                browser.post("/approvals/$id/answer", approve, headers = arrayOf("Origin" to "https://evil.example")),
                browser.post("/approvals/$id/answer", approve, headers = arrayOf("Origin" to "own", "Sec-Fetch-Site" to "cross-site")),
                browser.post("/approvals/$id/answer", approve, headers = Browser.OWN + ("Content-Type" to "text/plain")),
                browser.answer(id, approve, "note" to "x".repeat(530_000)),
            )
            refused.forEach { withClue(it) { it.status shouldBe 403 } }
            requester.read(id).text("status") shouldBe "pending"
        }

        test("whoever isn't signed in, or is signed out meanwhile, decides nothing and is told so") {
            val approver = broker.approver()
            val browser = broker.browser(approver)
            val id = requester.asked()
            browser.get("/approvals/$id")
            broker.admin.post("/v1/admin/approvers/${approver.id}/sign-out").shouldBeOk()
            browser.answer(id, "decision" to "approve").run {
                status shouldBe 401
                text shouldContain "not signed in"
            }
            Browser(broker.url).answer(id, "decision" to "approve").status shouldBe 401
            requester.read(id).text("status") shouldBe "pending"
        }

        test("who answers second sees who was first, and no error; a double tap sees its own answer") {
            val (ada, kim) = List(2) { broker.approver() }
            val (first, second) = broker.browser(ada) to broker.browser(kim)
            val id = requester.asked()
            listOf(first, second).forEach { it.get("/approvals/$id") }
            repeat(2) { first.answer(id, "decision" to "deny").status shouldBe 303 }
            first.get("/approvals/$id?late=1").text.let {
                it shouldContain "You denied this"
                it shouldNotContain "didn't count"
            }
            val late = second.answer(id, "decision" to "approve")
            late.status shouldBe 303
            second.get(late.header("Location")!!).shouldBeOk().text.let {
                it shouldContain "${ada.name} denied this"
                it shouldContain "your answer didn't count"
            }
            requester.read(id).text("decision.by.name") shouldBe ada.name
        }

        test("a note that is too long is refused with what was typed, and decides nothing") {
            val browser = broker.browser(broker.approver())
            val id = requester.asked()
            browser.get("/approvals/$id")
            val answer = browser.answer(id, "decision" to "deny", "note" to "n".repeat(4_001))
            answer.status shouldBe 422
            answer.text shouldContain "4000 characters"
            answer.text shouldContain "n".repeat(4_001)
            browser.answer(id, "decision" to "perhaps").status shouldBe 422
            requester.read(id).text("status") shouldBe "pending"
            browser.answer(id, "decision" to "deny", "note" to "n".repeat(4_000)).status shouldBe 303
        }

        test("nobody answers for a requester they stand behind: there is no form, and no way around it") {
            WiredBroker().use { wired ->
                val owner = wired.approver()
                val id = wired.requesterOwnedBy(owner.id).post("/v1/approvals", "action" to "a", "summary" to "s").text("approval_id")!!
                wired.reachedAt(wired.url)
                val browser = wired.browser(owner)
                val page = browser.get("/approvals/$id").shouldBeOk().text
                page shouldContain "somebody else has to answer"
                page shouldNotContain "id=\"answer\""
                browser.get("/sessions")
                browser.answer(id, "decision" to "approve").status shouldBe 303
                wired.admin.get("/v1/approvals/$id").text("status") shouldBe "pending"
            }
        }
    })
