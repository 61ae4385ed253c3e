package dev.sesame.broker.inbox

import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.groupOf
import dev.sesame.broker.http.WiredBroker
import dev.sesame.broker.http.shouldBeOk
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull

/** From the page of a request to its approval with changes, and what stands on the page then. */
class EditPageHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver()
        val browser = broker.browser(approver)
        val context = Json.parseToJsonElement(
            """{"cents": 4200.5, "to": "ana", "text": "Dear Ana,\nsorry.", "partial": false, "lines": [1, 2.5], "code": null, "order": "A-1"}""",
        )
        val editable = listOf("cents", "to", "text", "partial", "lines", "code")
        val asAsked = arrayOf("4200.5", "ana", "Dear Ana,\r\nsorry.", "false", "[1, 2.5]", "null")
        fun asked(vararg more: Pair<String, Any?>) = requester.asked("context" to context, "editable" to editable, *more)
        fun isPending(id: String) = requester.read(id).text("status") shouldBe "pending"

        test("each field has an input of its kind, none of which is a number's, and what is not editable has none") {
            val page = browser.get("/approvals/${asked()}").shouldBeOk().text
            page shouldContain """<input type="text" name="edit-0" id="edit-0" value="4200.5" autocomplete="off" inputmode="decimal""""
            page shouldContain """value="ana" autocomplete="off" inputmode="text""""
            page shouldContain "<textarea rows=\"3\" class=\"lines\" id=\"edit-2\""
            page shouldContain "<select id=\"edit-3\""
            page shouldContain "class=\"json\" id=\"edit-4\""
            page shouldContain "class=\"json\" id=\"edit-5\""
            page shouldNotContain "edit-6"
            page shouldNotContain "type=\"number\""
        }

        test("what is changed is shown before and after, decides nothing yet, and is approved to the digit by the next page") {
            val id = asked()
            val shown = browser.look(id, "1250.25", "bob", "Dear Bob,\r\nsorry.", "true", "[1]", """{"a": "b"}""").shouldBeOk()
            listOf("4200.5", "1250.25", "ana", "bob", "role=\"deletion\"", "role=\"insertion\"", "You approve").forEach {
                shown.text shouldContain it
            }
            isPending(id)
            browser.approveEdit(id, shown, "note" to "half").header("Location") shouldBe "/approvals/$id"
            val document = requester.read(id)
            document.text("status") shouldBe "approved"
            document.text("decision.note") shouldBe "half"
            document.at("decision.edited_context") shouldBe Json.parseToJsonElement(
                """{"cents": 1250.25, "to": "bob", "text": "Dear Bob,\nsorry.", "partial": true, "lines": [1], "code": {"a": "b"}, "order": "A-1"}""",
            )
            document.at("decision.edited_context.cents").toString() shouldBe "1250.25"
            document.at("context") shouldBe context
            val page = browser.get("/approvals/$id").text
            listOf("You changed it before approving", "as ${approver.name} changed it", "4200.5", "1250.25").forEach {
                page shouldContain it
            }
        }

        test("unchanged, as a browser sends it back, it is approved as it was asked") {
            val id = asked()
            val shown = browser.look(id, *asAsked).shouldBeOk()
            shown.text shouldContain "You changed nothing"
            browser.approveEdit(id, shown).status shouldBe 303
            requester.read(id).run {
                text("status") shouldBe "approved"
                at("decision.edited_context") shouldBe JsonNull
                text("context_hash") shouldBe text("request_hash")
            }
        }

        test("who changes a field and presses Approve at once is shown the changes, and has approved nothing yet") {
            val id = asked()
            val page = browser.get("/approvals/$id")
            fun answer(decision: String, first: String) = browser.post(
                "/approvals/$id/answer",
                "decision" to decision,
                "note" to "kept",
                "seen" to page.hidden("seen"),
                "asked" to page.hidden("asked"),
                *(listOf(first) + asAsked.drop(1)).mapIndexed { index, text -> "edit-$index" to text }.toTypedArray(),
            )
            answer("approve", "twelve").run {
                status shouldBe 422
                text shouldContain "is no number"
                text shouldContain "kept"
            }
            val shown = answer("approve", "1").shouldBeOk()
            listOf("Approve with changes", "4200.5", "kept").forEach { shown.text shouldContain it }
            isPending(id)
            answer("approve", asAsked[0]).status shouldBe 303
            requester.read(id).run { text("status") to at("decision.edited_context") } shouldBe ("approved" to JsonNull)
        }

        test("back from the second page, the form holds what was changed") {
            val id = asked()
            val shown = browser.look(id, "1", *asAsked.drop(1).toTypedArray()).shouldBeOk()
            browser.post("/approvals/$id/edit", *carried(shown)).shouldBeOk().text shouldContain "id=\"edit-0\" value=\"1\""
            isPending(id)
        }

        test("a high risk takes the typed word on the second page; what was changed and noted stays") {
            val id = asked("risk_score" to 0.9)
            val shown = browser.look(id, "1", *asAsked.drop(1).toTypedArray()).shouldBeOk()
            val again = browser.approveEdit(id, shown, "note" to "kept")
            again.status shouldBe 422
            listOf("Type approve", "kept", "4200.5").forEach { again.text shouldContain it }
            isPending(id)
            browser.approveEdit(id, again, "confirm" to "approve").status shouldBe 303
            requester.read(id).at("decision.edited_context.cents").toString() shouldBe "1"
        }

        test("only what was shown of the request as it stands is approved; what was typed comes back") {
            val id = asked()
            val typed = arrayOf("777", *asAsked.drop(1).toTypedArray())
            val shown = browser.look(id, *typed)
            fun without(name: String, value: String) = carried(shown).map { if (it.first == name) name to value else it }.toTypedArray()
            listOf(
                without("approves", requester.read(id).text("request_hash")!!),
                without("changed", """{"cents":778}"""),
                without("changed", "{"),
                without("changed", """{"order":"B-2"}"""),
                without("seen", "0"),
                without("asked", "sha256:00"),
            ).forEach { fields ->
                withClue(fields.toList()) {
                    browser.post("/approvals/$id/edit/answer", "decision" to "approve", *fields).status shouldBe 422
                    isPending(id)
                }
            }
            approver.http.post("/v1/approvals/$id/extend", "expires_in" to 200_000).shouldBeOk()
            browser.approveEdit(id, shown).run {
                status shouldBe 422
                text shouldContain "has changed since"
                text shouldContain "id=\"edit-0\" value=\"777\""
            }
            isPending(id)
        }

        test("decided meanwhile: the page says who was first; a second tap finds what the first did") {
            val (first, second) = asked() to asked()
            val shown = browser.look(first, "1", *asAsked.drop(1).toTypedArray())
            broker.approver().decide(first, "deny")
            browser.approveEdit(first, shown).header("Location") shouldBe "/approvals/$first?late=1"
            val own = browser.look(second, "1", *asAsked.drop(1).toTypedArray())
            repeat(2) { browser.approveEdit(second, own).status shouldBe 303 }
            browser.get("/approvals/$second?late=1").text shouldNotContain "didn't count"
        }

        test("who is asked, but is not of the group whose people must approve, is offered no changing") {
            val (ops, finance) = broker.groupOf(approver) to broker.groupOf(broker.approver())
            val id = asked("groups" to listOf(ops, finance), "approvals_per_group" to mapOf(finance to 1))
            val page = browser.get("/approvals/$id").shouldBeOk().text
            page shouldContain "id=\"approve\""
            page shouldNotContain "id=\"edit\""
        }

        test("where more than one must approve nobody changes it: there is no form, and no way around it") {
            val two = asked("approvals_required" to 2)
            val page = browser.get("/approvals/$two").shouldBeOk().text
            page shouldContain "Nobody changes it"
            page shouldNotContain "id=\"edit\""
            val fields = carried(browser.look(asked(), "1", *asAsked.drop(1).toTypedArray()))
            browser.post("/approvals/$two/edit/answer", "decision" to "approve", *fields).run {
                status shouldBe 422
                text shouldContain "alone isn't enough"
            }
            browser.post("/approvals/$two/edit", *fields).status shouldBe 422
            browser.post("/approvals/$two/answer", "decision" to "approve", "edit-0" to "1").status shouldBe 422
            requester.read(two).run { text("status") to list("votes").size } shouldBe ("pending" to 0)
        }

        test("who stands behind the requester finds no form, and changes nothing by any other way") {
            WiredBroker().use { wired ->
                val owner = wired.approver()
                val asking = wired.requesterOwnedBy(owner.id)
                fun ask() = asking.post("/v1/approvals", "action" to "a", "summary" to "s", "context" to context, "editable" to editable)
                val id = ask().text("approval_id")!!
                wired.reachedAt(wired.url)
                val shown = wired.browser(wired.approver()).look(id, "1", *asAsked.drop(1).toTypedArray()).shouldBeOk()
                val own = wired.browser(owner)
                own.get("/approvals/$id").text.let {
                    it shouldNotContain "id=\"edit\""
                    it shouldNotContain "id=\"more-time\""
                }
                own.get("/sessions")
                listOf("edit", "edit/answer").forEach {
                    own.post("/approvals/$id/$it", "decision" to "approve", *carried(shown)).status shouldBe 303
                }
                wired.admin.get("/v1/approvals/$id").text("status") shouldBe "pending"
            }
        }
    })
