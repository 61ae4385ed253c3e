package dev.sesame.browser

import com.microsoft.playwright.Page
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

/** A person changes what is asked in a real browser, and the block gets what they approved. */
@EnabledIf(WhereThereIsOne::class)
class EditBrowserTest :
    FunSpec({
        val rig = autoClose(InboxRig())

        fun Page.unfold(id: String) {
            locator("#$id > summary").focus()
            keyboard().press("Enter")
        }

        test("a number and a text are changed and looked at, and the block runs with what was approved") {
            rig.approver().browser(InboxRig.phone()).use { context ->
                val page = context.open("${rig.url}/inbox")
                coroutineScope {
                    val ran = async(Dispatchers.IO) {
                        rig.sesame.approve(
                            "edit.refund",
                            context = mail(42.5, "Dear Ana,\nsorry."),
                            editable = listOf("amount", "text"),
                        ) { it.effectiveContext }
                    }
                    page.locator("a.row").getByText("edit.refund").first().tap()
                    page.unfold("edit")
                    page.getByLabel("amount", Page.GetByLabelOptions().setExact(true)).fill("12,50")
                    page.getByText("Look at the changes").tap()
                    assertThat(page.locator("#edit-0-wrong")).containsText("is no number")
                    assertThat(page.locator("#edit-0")).hasValue("12,50")
                    page.locator("#edit-0").fill("12.25")
                    page.locator("#edit-1").fill("Dear Ana,\nvery sorry.")
                    page.getByText("Look at the changes").tap()
                    assertThat(page.locator("#changes")).containsText("12.25")
                    page.faults() shouldBe emptyList()
                    page.locator("#approve").tap()
                    assertThat(page.locator("#standing")).containsText("You changed it before approving")
                    ran.await() shouldBe mail(12.25, "Dear Ana,\nvery sorry.")
                }
            }
        }

        test("without script it is the same") {
            val id = rig.asked("Refund without script", refund())
            rig.approver().browser(InboxRig.desk().setJavaScriptEnabled(false)).use { context ->
                val page = context.open("${rig.url}/approvals/$id")
                page.unfold("edit")
                page.locator("#edit-0").fill("2100")
                page.locator("#approve").click()
                assertThat(page.locator("h1")).containsText("Approve with changes")
                page.locator("#approve").click()
                assertThat(page.locator(".story")).containsText("2100")
            }
            rig.statusOf(id) shouldBe "approved"
        }

        test("what is being typed stays, with its caret, while the page changes around it") {
            val id = rig.asked("Refund that is typed at", refund())
            rig.approver().browser().use { context ->
                val page = context.open("${rig.url}/approvals/$id")
                page.unfold("edit")
                page.locator("#edit-0").fill("1234")
                page.locator("#edit-0").evaluate("(field) => { field.setSelectionRange(2, 2); window.typedAt = field }")
                rig.adminDoes(id, "extend", buildJsonObject { put("expires_in", 200_000) })
                assertThat(page.locator(".story")).containsText("gave it more time")
                page.keyboard().type("0")
                assertThat(page.locator("#edit-0")).hasValue("12034")
                page.evaluate("() => window.typedAt === document.getElementById('edit-0')") shouldBe true
                page.getByText("Look at the changes").click()
                assertThat(page.locator("#changes")).containsText("12034")
                page.locator("#again").click()
                assertThat(page.locator("#edit-0")).hasValue("12034")
                page.locator("#edit-0").fill("99")
                rig.adminDoes(id, "decision", buildJsonObject { put("decision", "deny") })
                assertThat(page.locator("#standing")).containsText("denied this")
                assertThat(page.locator("#unsent")).containsText("99")
                page.faults() shouldBe emptyList()
            }
        }

        test("an edit of high risk takes the passkey, which signs for that edit") {
            val named = rig.url.replace("127.0.0.1", "localhost")
            rig.stranger().use { context ->
                val page = context.newPage()
                VirtualDevice(page)
                page.navigate(rig.approver().link().replace("127.0.0.1", "localhost"))
                page.getByText("Sign in on this device").click()
                page.waitForURL("**/inbox")
                page.navigate("$named/passkeys")
                page.getByText("Add a passkey on this device or a key").click()
                assertThat(page.locator(".passkey-row")).hasCount(1)
                val id = rig.asked("Refund by passkey", refund(risk = 0.9))
                page.navigate("$named/approvals/$id")
                page.unfold("edit")
                page.locator("#edit-0").fill("2100")
                page.getByText("Look at the changes").click()
                page.faults() shouldBe emptyList()
                page.locator("#approve").click()
                assertThat(page.locator("#standing")).containsText("2100")
                rig.statusOf(id) shouldBe "approved"
            }
        }
    })

private fun mail(amount: Double, text: String) = buildJsonObject {
    put("to", "ana")
    put("amount", amount)
    put("text", text)
}

internal fun refund(risk: Double = 0.1) = buildJsonObject {
    put("risk_score", risk)
    put("expires_in", 8_000)
    putJsonObject("context") {
        put("cents", 4_200)
        put("partial", false)
        put("customer", "ana.duarte@example.com")
        put("text", "Dear Ana,\nhere is your money back. We are sorry for the trouble with the lamp.")
        putJsonObject("rollout") { put("percent", 10) }
        put("order", "A-1001")
    }
    putJsonArray("editable") { listOf("cents", "partial", "customer", "text", "rollout").forEach { add(it) } }
}
