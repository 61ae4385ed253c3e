package dev.sesame.broker.inbox

import dev.sesame.broker.TestBroker
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.json
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain

class PageHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()

        fun page(id: String) = broker.nobody.get("/approvals/$id")

        test("the page behind approval_url says what is asked, by whom, and how it stands") {
            val asked = requester.ask("summary" to "Refund order A-1001")
            val url = asked.text("approval_url")!!
            val page = broker.nobody.get(url.removePrefix(broker.url)).shouldBeOk()
            page.header("Content-Type") shouldMatch "text/html.*"
            listOf("Refund order A-1001", "payments.refund", requester.name, "pending", asked.text("approval_id")!!)
                .forEach { page.text shouldContain it }
        }

        test("after the decision it says how it ended and who decided") {
            val approver = broker.approver()
            val id = requester.asked()
            approver.decide(id, "deny", "note" to "a private word").shouldBeOk()
            val page = page(id).shouldBeOk()
            listOf("denied", approver.name).forEach { page.text shouldContain it }
            page.text shouldNotContain "a private word"
        }

        test("text of the requester is text: markup in it is escaped") {
            val id = requester.asked("summary" to "<script>alert(1)</script>\"'&", "action" to "<img src=x onerror=alert(2)>")
            val page = page(id).shouldBeOk().text
            page shouldNotContain "<script>"
            page shouldNotContain "<img"
            page shouldContain "&lt;script&gt;"
        }

        test("characters that turn or hide the text around them are shown as their codes") {
            val id = requester.asked("summary" to "pay \u202eeno\u202c \u200bnow\u2028\u001b[31m", "action" to "a\u2066b")
            val page = page(id).shouldBeOk().text
            listOf("\\u202e", "\\u202c", "\\u200b", "\\u2028", "\\u001b", "\\u2066").forEach { page shouldContain it }
            page.filter { it in "\u202e\u202c\u200b\u2028\u001b\u2066" } shouldBe ""
        }

        test("it shows neither reason nor context, on behalf of whom, nor how it was run: nobody is signed in here") {
            val id = requester.asked(
                "reason" to "secret reason",
                "context" to json("secret name" to "secret value"),
                "requested_by" to "secret agent",
                "dedup_key" to "secret key",
            )
            page(id).shouldBeOk().text shouldNotContain "secret"
        }

        test("it runs no script but the broker's own, is framed nowhere, and is kept nowhere") {
            listOf(requester.asked(), ids.approval()).forEach {
                val page = page(it)
                Regex("<script[^>]*>").findAll(page.text).map { tag -> tag.value }.toList().single() shouldMatch
                    """<script src="/assets/inbox-[0-9a-f]{16}.js" defer="defer">"""
                page.header("Content-Security-Policy") shouldContain "default-src 'none'"
                page.header("Content-Security-Policy") shouldContain "frame-ancestors 'none'"
                page.header("Content-Security-Policy")!! shouldNotContain "unsafe"
                page.header("X-Content-Type-Options") shouldBe "nosniff"
                page.header("Referrer-Policy") shouldBe "same-origin"
                page.header("Cache-Control") shouldBe "no-store"
            }
        }

        test("an unknown id and a malformed one get the same page, and it is 404") {
            val unknown = page(ids.approval())
            unknown.status shouldBe 404
            unknown.header("Content-Type") shouldMatch "text/html.*"
            listOf("ap_x", "%3Cscript%3E", "ap_" + "A".repeat(26)).forEach { withClue(it) { page(it).text shouldBe unknown.text } }
        }
    })
