package dev.sesame.broker.inbox

import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.json
import dev.sesame.internal.CanonicalJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

private const val POLICY = """
version: 1
rules:
  - name: no accounts
    action: payouts.*
    effect: require_approval
    redact: [{field: customer.iban, channels: [inbox]}, {field: note, channels: [inbox]}]
"""

/** Edits by somebody who doesn't see all of what they edit. */
class HiddenEditHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val browser = broker.browser(broker.approver())
        broker.admin.post("/v1/admin/policies", "text" to POLICY).status shouldBe 201

        fun context(cents: Int, name: String) =
            json("cents" to cents, "customer" to mapOf("name" to name, "iban" to "DE00-secret"), "note" to "between us")

        fun asked() = requester.asked(
            "action" to "payouts.send",
            "context" to context(4_200, "ana"),
            "editable" to listOf("cents", "customer", "note"),
        )

        test("the form has no hidden value, and no field that is hidden whole") {
            val page = browser.get("/approvals/${asked()}").shouldBeOk().text
            page shouldContain "edit-0"
            page shouldContain "edit-1"
            page shouldNotContain "edit-2"
            listOf("DE00", "between us").forEach { page shouldNotContain it }
        }

        test("what is approved keeps the hidden values, and the page shows and binds just that") {
            val id = asked()
            val shown = browser.look(id, "2100", """{"name": "bob", "iban": "[redacted]"}""").shouldBeOk()
            shown.text shouldContain "bob"
            listOf("DE00", "between us").forEach { shown.text shouldNotContain it }
            shown.hidden("approves") shouldBe CanonicalJson.requestHash("payouts.send", context(2_100, "bob"))
            browser.approveEdit(id, shown).status shouldBe 303
            val document = requester.read(id)
            document.at("decision.edited_context") shouldBe context(2_100, "bob")
            document.text("context_hash") shouldBe shown.hidden("approves")
            browser.get("/approvals/$id").shouldBeOk().text shouldNotContain "DE00"
        }

        test("a hidden value can't be taken out or replaced unseen") {
            val id = asked()
            listOf("""{"name": "bob"}""", """{"name": "bob", "iban": "FR11"}""").forEach { typed ->
                browser.look(id, "2100", typed).run {
                    status shouldBe 422
                    text shouldContain "is hidden from approvers"
                }
            }
            requester.read(id).text("status") shouldBe "pending"
        }
    })
