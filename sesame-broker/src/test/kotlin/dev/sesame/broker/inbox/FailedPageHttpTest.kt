package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.browser
import dev.sesame.broker.http.WiredBroker
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.http.shouldBeRefusedWith
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain

/** What a browser is shown where the broker fails: a page that claims nothing it doesn't know. */
class FailedPageHttpTest :
    FunSpec({
        val broker = autoClose(WiredBroker())
        broker.reachedAt(broker.url)
        val requester = broker.requester()
        val browser = broker.browser(broker.approver())

        fun Answer.isFailedPage(expected: Int, stands: String) = withClue(this) {
            status shouldBe expected
            header("Content-Type") shouldMatch "text/html.*"
            header("Content-Security-Policy") shouldContain "default-src 'none'"
            listOf(
                "X-Frame-Options" to "DENY",
                "X-Content-Type-Options" to "nosniff",
                "Cache-Control" to "no-store",
            ).forEach { (name, value) ->
                headers.allValues(name) shouldBe listOf(value)
            }
            header("Request-Id") shouldMatch "req_[a-z2-7]{26}"
            text shouldContain header("Request-Id")!!
            text shouldContain "class=\"brand\""
            text shouldContain "href=\"$stands\""
        }

        test("an answer that the full disk didn't take: the page doesn't say whether it was kept, and the request's page does") {
            val id = requester.asked()
            browser.get("/approvals/$id").shouldBeOk()
            broker.leaveRoom(0)
            val failed = generateSequence { browser.post("/approvals/$id/answer", "decision" to "approve", "note" to "x".repeat(4_000)) }
                .take(5).first { it.status != 303 }
            failed.isFailedPage(503, "/approvals/$id")
            failed.header("Retry-After") shouldBe "5"
            failed.text shouldContain "may or may not have been kept"
            requester.read(id).text("status") shouldBe "pending"
            broker.leaveRoom(null)
            browser.get("/approvals/$id").shouldBeOk().text shouldContain "pending"
            browser.post("/approvals/$id/answer", "decision" to "approve").status shouldBe 303
            requester.read(id).text("status") shouldBe "approved"
        }

        test("a page over what can't be understood is a page, the same over /v1 is a problem, and neither tells what it was") {
            val id = requester.asked()
            broker.tamper("UPDATE approvals SET progress = 'nonsense' || progress WHERE id = '$id'")
            val page = browser.get("/approvals/$id")
            page.isFailedPage(500, "/approvals/$id")
            page.text shouldContain "Nothing was decided"
            page.text shouldNotContain "nonsense"
            requester.read(id) shouldBeRefusedWith (500 to "internal")
            browser.get("/inbox").isFailedPage(500, "/inbox")
            broker.tamper("UPDATE approvals SET progress = substr(progress, 9) WHERE id = '$id'")
            browser.get("/approvals/$id").shouldBeOk()
        }

        test("while nothing can be read, every page says so") {
            val id = requester.asked()
            broker.tamper("ALTER TABLE approvals RENAME TO approvals_away")
            listOf(
                "/inbox" to "/inbox",
                "/inbox?show=decided" to "/inbox",
                "/approvals/$id" to "/approvals/$id",
            ).forEach { (path, stands) ->
                browser.get(path).isFailedPage(503, stands)
            }
            browser.post("/approvals/$id/answer", "decision" to "deny").isFailedPage(503, "/approvals/$id")
            requester.read(id) shouldBeRefusedWith (503 to "unavailable")
            broker.tamper("ALTER TABLE approvals_away RENAME TO approvals")
            requester.read(id).text("status") shouldBe "pending"
        }
    })
