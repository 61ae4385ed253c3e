package dev.sesame.broker.inbox

import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.json
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

/** Whatever a requester writes stays text, seen as what it is, and every page keeps its guard up. */
class HostileHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver()
        val browser = broker.browser(approver)
        val markup = "</section><form action=\"/sign-out\"><button>Approve</button></form><a href=\"https://evil.example\">x</a>'\"&<!--"
        val turning = "\u202e\u2066\u200b\u200d\u2028\u0085\u001b\u00ad\u3164\u2800\ufe00"
        val tags = String(Character.toChars(0xe0041))

        fun hostileRequest(text: String): String = requester.asked(
            "action" to "a$text",
            "summary" to "s$text",
            "reason" to "r$text",
            "requested_by" to "b$text",
            "context" to json("n$text" to "v$text", "nested" to json("m$text" to listOf("w$text"))),
        )

        test("markup in any field is escaped, on the page and in the list") {
            val id = hostileRequest(markup)
            approver.decide(id, "deny", "note" to markup).shouldBeOk()
            val clean = requester.asked().also { approver.decide(it, "deny") }
            val harmless = browser.get("/approvals/$clean").text
            listOf("/approvals/$id", "/inbox?show=decided", "/inbox?show=decided&text=%3Cform").forEach { path ->
                val page = browser.get(path).shouldBeOk().text
                withClue(path) {
                    page shouldNotContain "<a href=\"https://evil.example\""
                    page shouldNotContain "<button>Approve"
                    page shouldNotContain "<!--"
                    page shouldContain "&lt;/section&gt;"
                }
            }
            val page = browser.get("/approvals/$id").text
            listOf("<form", "<a ", "<section").forEach { tag -> page.split(tag).size shouldBe harmless.split(tag).size }
        }

        test("what turns or hides text is shown as its code, outside the basic plane too") {
            val id = hostileRequest(turning + tags)
            listOf("/approvals/$id", "/inbox").forEach { path ->
                val page = browser.get(path).shouldBeOk().text
                withClue(path) {
                    page.filter { it in turning }.toList().shouldBeEmpty()
                    page shouldNotContain tags
                    listOf("\\u202e", "\\u3164", "\\u{e0041}").forEach { page shouldContain it }
                    page shouldContain "<span class=\"odd\">\\u202e</span>"
                }
            }
        }

        test("marks stacked on one letter are shown as codes beyond what any writing needs") {
            val page = browser.get("/approvals/${requester.asked("summary" to "a" + "\u0301".repeat(40))}").shouldBeOk().text
            page shouldContain "a" + "\u0301".repeat(4) + "<span class=\"odd\">\\u0301</span>"
            page.count { it == '\u0301' } shouldBe 4
        }

        test("a line of the reason stays a line; one in the summary is shown as its code") {
            val page = browser.get("/approvals/${requester.asked("summary" to "one\ntwo", "reason" to "three\nfour")}").text
            page shouldContain "three\nfour"
            page shouldContain "one<span class=\"odd\">\\u000a</span>two"
        }

        test("what visitors type into the search comes back as text") {
            browser.get("/inbox?text=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").shouldBeOk().text shouldNotContain "<script>"
        }

        test("every page, redirect and file carries the policy, and allows nothing inline") {
            val id = requester.asked()
            val nobody = Browser(broker.url)
            browser.get("/approvals/$id")
            val style = Regex("/assets/[a-z0-9.-]+").find(browser.get("/inbox").text)!!.value
            val answers = listOf(
                browser.get("/inbox"), browser.get("/sessions"), browser.get("/approvals/$id"), browser.get("/"), browser.get(style),
                browser.get("/assets/none"), browser.get("/approvals/ap_x"), browser.get("/sign-in/sl_x"),
                nobody.get("/inbox"), nobody.get("/sessions"), nobody.get("/approvals/$id"), nobody.post("/sign-in", "link" to "x"),
                nobody.post("/approvals/$id/answer"), browser.post("/approvals/$id/answer", headers = emptyArray()),
                browser.post("/approvals/$id/answer"), browser.post("/approvals/$id/answer", "decision" to "deny"),
            )
            answers.forEach {
                withClue(it) {
                    val policy = it.header("Content-Security-Policy")!!
                    listOf("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
                        .forEach { part -> policy shouldContain part }
                    policy shouldNotContain "unsafe"
                    it.header("X-Content-Type-Options") shouldBe "nosniff"
                    it.header("Referrer-Policy") shouldBe "same-origin"
                    if ("text/html" in it.header("Content-Type").orEmpty()) it.header("Cache-Control") shouldBe "no-store"
                    it.text shouldNotContain " style=\""
                    it.text shouldNotContain "onclick"
                }
            }
        }

        test("a first view is under 50 KB, uncompressed and with all that it loads") {
            repeat(25) { requester.asked("summary" to "Refund ${"x".repeat(100)}") }
            val page = browser.get("/inbox").text
            val files = Regex("/assets/[a-z0-9.-]+").findAll(page).map { it.value }.toSet()
            files.size shouldBe 4
            val bytes = page.toByteArray().size + files.sumOf { browser.get(it).text.toByteArray().size }
            withClue("$bytes bytes") { (bytes < 50_000) shouldBe true }
        }
    })
