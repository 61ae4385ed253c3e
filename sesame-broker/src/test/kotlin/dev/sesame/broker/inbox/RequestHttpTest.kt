package dev.sesame.broker.inbox

import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.json
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class RequestHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver()
        val browser = broker.browser(approver)

        test("who is signed in sees all of it: what, why, who asks and for whom, the risk, the context, by when") {
            val id = requester.asked(
                "summary" to "Refund order A-1001",
                "reason" to "It arrived broken",
                "requested_by" to "agent seven",
                "risk_score" to 0.5,
                "context" to json("order" to "A-1001", "lines" to listOf(json("cents" to 4200), json("cents" to 1)), "note" to null),
            )
            val page = browser.get("/approvals/$id").shouldBeOk().text
            val asked = listOf("Refund order A-1001", "payments.refund", requester.name, "It arrived broken", "agent seven", "order")
            val told = listOf("medium", "(0.5)", "2 items", "1 field", "4200", "Raw JSON", "data-countdown", "23 h 59 min left", "undone")
            (asked + told).forEach { withClue(it) { page shouldContain it } }
        }

        test("a long text is cut, with all of it on demand; so is a long list") {
            val id = requester.asked(
                "reason" to "r".repeat(401),
                "context" to json("many" to List(51) { "item-$it" }, "short" to "s".repeat(400)),
            )
            val page = browser.get("/approvals/$id").shouldBeOk().text
            listOf("Show all (401 characters)", "r".repeat(401), "51 items", "Show all (1 more)", "item-50").forEach {
                page shouldContain it
            }
            page shouldNotContain "Show all (400 characters)"
        }

        test("a context as deep as contexts may be is a page like others") {
            val deep = generateSequence(json("end" to "the end")) { json("a" to it) }.elementAt(31)
            browser.get("/approvals/${requester.asked("context" to deep)}").shouldBeOk().text shouldContain "the end"
        }

        test("afterwards it tells the whole story: the vote and its note, the run, and where the webhook went") {
            val id = requester.asked("callback_url" to "http://127.0.0.1:18999/private-path")
            approver.decide(id, "approve", "note" to "seen the photo").shouldBeOk()
            val hash = requester.read(id).text("context_hash")
            val claim = requester.http.post("/v1/approvals/$id/claim", "claimant" to "c".repeat(22), "context_hash" to hash).shouldBeOk()
            requester.http.post(
                "/v1/approvals/$id/outcome",
                "claim_token" to claim.text("claim_token"),
                "outcome" to "succeeded",
                "detail" to "refund 77",
            ).shouldBeOk()
            awaitThat("the webhook was tried") { "attempt" in browser.get("/approvals/$id").text }
            val page = browser.get("/approvals/$id").text
            listOf("You approved this", "seen the photo", "It ran and succeeded", "refund 77", "Webhook to 127.0.0.1:18999").forEach {
                withClue(it) { page shouldContain it }
            }
            page shouldNotContain "private-path"
            broker.browser(broker.approver("admin")).get("/approvals/$id").text shouldContain "private-path"
        }

        test("an unknown id is an empty page, signed in or not") {
            browser.get("/approvals/ap_" + "a".repeat(26)).run {
                status shouldBe 404
                text shouldContain "No such request"
            }
        }

        test("a test request has no page: it reaches no person") {
            val testing = broker.testing()
            browser.get("/approvals/${testing.asked()}").status shouldBe 404
        }
    })
